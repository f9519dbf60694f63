import { Component, type ComponentChildren, type JSX } from "preact";
import { reasonOf } from "../work/reason.ts";

interface BoundaryState {
  readonly fault: string;
}

/** Keeps a fault in one panel from taking the page down, and says what it was. */
export class Boundary extends Component<{ readonly children: ComponentChildren }, BoundaryState> {
  override state: BoundaryState = { fault: "" };

  static override getDerivedStateFromError(fault: unknown): BoundaryState {
    return { fault: reasonOf(fault) };
  }

  override render(): JSX.Element {
    if (this.state.fault === "") return <>{this.props.children}</>;
    return (
      <div class="notice fault" role="alert">
        <p>This panel has stopped: {this.state.fault}</p>
        <button type="button" class="button" onClick={() => this.setState({ fault: "" })}>
          Try again
        </button>
      </div>
    );
  }
}
