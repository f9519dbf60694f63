/**
 * Libraries of shell functions that init scripts read and that many machines lack. Where one is missing and a script mentions it, the sandbox
 * puts a small one of ours in its place: messages are printed, commands are run.
 */
export const FUNCTION_FILES: readonly string[] = [
  "/lib/lsb/init-functions",
  "/etc/init.d/functions",
  "/etc/rc.d/init.d/functions",
  "/etc/rc.status",
];

/** The libraries of that list that a text mentions and `exists` does not know. */
export const missingFunctions = (text: string, exists: (path: string) => boolean): readonly string[] =>
  FUNCTION_FILES.filter(path => text.includes(path) && !exists(path));

/** What they define, for any shell. */
export const FUNCTIONS = `say() { printf '%s\\n' "$*"; }
for name in success failure passed warning echo_success echo_failure echo_passed echo_warning; do
  eval "$name() { return 0; }"
done
for name in log_daemon_msg log_action_msg log_action_begin_msg log_begin_msg log_progress_msg log_success_msg log_warning_msg log_failure_msg; do
  eval "$name() { say \\"\\$@\\"; }"
done
log_end_msg() { return "\${1:-0}"; }
log_action_end_msg() { return "\${1:-0}"; }
log_use_fancy_output() { return 1; }
action() { say "$1"; shift; "$@"; }
daemon() { "$@"; }
killproc() { return 0; }
start_daemon() { "$@"; }
status() { return 0; }
pidofproc() { return 1; }
checkpid() { return 1; }
strstr() { case $1 in *"$2"*) return 0 ;; esac; return 1; }
rc_reset() { rc=0; }
rc_status() { rc=$?; return "$rc"; }
rc_failed() { rc=\${1:-1}; return "$rc"; }
rc_exit() { exit "\${rc:-0}"; }
`;
