/** What a command's action hands back: its exit status. */
export interface Exit {
  status: number;
}
