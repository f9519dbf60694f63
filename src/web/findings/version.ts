import description from "../../../package.json?raw";

/** The package's version, as reports name it. */
export const VERSION: string = (JSON.parse(description) as { readonly version: string }).version;
