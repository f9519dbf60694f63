import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Limits } from "../src/cli/script/index.ts";
import { folder, reason, rules, run, said } from "./script/run.ts";

/** Firewall scripts as an enemy writes them. */

describe.runIf(reason === "")("an enemy's script", () => {
  test.each<[name: string, text: string, stopped: RegExp, limits: Partial<Limits>]>([
    ["runs for ever", "while :; do :; done", /more than 1 s of processor time/, { cpu: 1 }],
    ["waits for ever", "iptables -A INPUT -j DROP; sleep 1000", /not done after 1 s, and 2 of its processes were running/, { wall: 1 }],
    ["is a fork bomb", "bomb() { bomb | bomb & }; bomb; while :; do :; done", /processor time|not done after 2 s/, { cpu: 2, wall: 2 }],
    ["prints for ever", "yes", /printed more than 1 MiB/, { output: 1 << 20 }],
    ["makes rules for ever", "while :; do iptables -A INPUT -j DROP; done", /made more than 20 rules/, { rules: 20 }],
    ["has much to say to a tool", "head -c 9000000 /dev/zero | iptables-restore", /gave a tool more than 8 MiB/, {}],
    ["calls for ever", "while :; do iptables -A INPUT -j DROP; done", /called tools more than 50 times/, { calls: 50 }],
    ["eats memory", "perl -e '$x = \"a\" x 400000000; sleep 9'", /more than 64 MiB of memory/, { memory: 64 << 20 }],
  ])("%s, and is stopped", async (_, text, stopped, limits) => {
    await expect(run("bad", `#!/bin/bash\n${text}\n`, limits)).rejects.toThrow(stopped);
  });

  test.each<[name: string, text: string, ports: number]>([
    ["kills everything", "iptables -A INPUT -p tcp --dport 1 -j DROP\nkill -9 0 & kill -9 1; kill -9 -1", 1],
    [
      "closes its descriptors",
      "exec 0<&- 1>&- 2>&-\niptables -A INPUT -p tcp --dport 1 -j DROP\niptables -X no || iptables -A INPUT -p tcp --dport 2 -j DROP",
      2,
    ],
    [
      "talks rubbish into the pipes",
      `iptables -A INPUT -p tcp --dport 1 -j DROP
for i in 1 2 3; do head -c 200000 /dev/urandom > /.ferrule/o/door; done
printf '\\n99\\n-99\\n99999999999999\\n__proto__\\n1 1\\n' > /.ferrule/o/door
cd /.ferrule/i
ln -s /etc/passwd 1; mkfifo 2; mkdir 3; : > 4; head -c 300000 /dev/zero > 5; printf 'x\\0loud\\0iptables\\0-A' > 6; printf '\\0loud\\0__proto__\\0' > 8
ln -s /dev/zero 7
for i in 1 2 3 4 5 6 7 8; do echo $i > /.ferrule/o/door; done
iptables -A INPUT -p tcp --dport 2 -j DROP`,
      2,
    ],
    [
      "takes the shims away",
      "iptables -A INPUT -p tcp --dport 1 -j DROP\nrm -rf /.ferrule /usr/sbin/iptables 2> /dev/null\niptables -A INPUT -p tcp --dport 2 -j DROP",
      2,
    ],
    [
      "fills every place",
      "for f in /tmp /run /dev/shm /var/tmp /.ferrule/i; do dd if=/dev/zero of=$f/big bs=1M status=none; done 2> /dev/null\nrm -f /.ferrule/i/big\niptables -A INPUT -p tcp --dport 1 -j DROP",
      1,
    ],
  ])("%s, and only hurts itself", async (_, text, ports) => {
    const done = await run("bad", `#!/bin/bash\n${text}\n`, { wall: 20 });
    expect(rules(done).map(line => line.replace(/^bad:\d+ /, ""))).toEqual(
      Array.from({ length: ports }, (_each, index) => `-A INPUT -p tcp -m tcp --dport ${index + 1} -j DROP`),
    );
  });

  test.each([
    ["writes to the machine", 'touch /x /etc/x /usr/x /usr/sbin/x /opt/x; touch "$PWD/written" /var/lib/x /bin/x'],
    ["mounts", "mount -t tmpfs x /mnt; mount -o remount,rw /; mount --bind /tmp /usr; umount /tmp; umount -l /"],
    ["makes namespaces", "unshare -U true; unshare -m true; unshare -r true; nsenter -t 1 -a true"],
    [
      "sets what is not its own",
      "echo x > /proc/sys/kernel/core_pattern; echo 9 > /proc/sys/user/max_user_namespaces; echo c > /proc/sysrq-trigger",
    ],
    ["makes devices", "mknod /tmp/d b 254 0; mknod /tmp/n c 1 3; head -c1 /dev/vda; head -c1 /dev/mem; head -c1 /dev/tty"],
    [
      "looks at its keeper",
      "cat /proc/1/environ; cat /proc/1/mem; echo end 0 > /proc/1/fd/4; head -c1 /proc/1/fd/3; cat /proc/1/root/etc/passwd; ls /proc/1/cwd/",
    ],
    ["changes the machine", "date -s 2001-01-01; reboot -f; chroot / true; su nobody -c true; renice -n -5 $$"],
    ["reads secrets", "cat /etc/shadow; cat /etc/ssh/ssh_host_rsa_key; cat /root/.bashrc; cat /root/.ssh/id_rsa; cat /home/*/.profile"],
    ["goes out", "exec 3<>/dev/tcp/192.0.2.1/80; exec 3<>/dev/udp/192.0.2.1/53; ip route add default via 192.0.2.1"],
  ])("%s, in vain", async (_, text) => {
    // Each command is to fail: whichever does not is named.
    const lines = text
      .split("; ")
      .map(command => `( ${command} ) > /dev/null 2>&1 && echo ${JSON.stringify(`done: ${command.replaceAll(/["$]/g, "")}`)}`);
    expect(said(await run("bad", `#!/bin/bash\n${lines.join("\n")}\ntrue\n`), "bad")).toEqual([]);
    expect(existsSync(join(folder.path, "written"))).toBe(false);
  });

  test("sees nothing of the environment", async () => {
    process.env["FERRULE_SECRET"] = "secret";
    const done = await run("env", "#!/bin/bash\nenv | cut -d= -f1 | sort | tr '\\n' ' '\n");
    delete process.env["FERRULE_SECRET"];
    expect(said(done, "env")).toEqual(["env | BASH_ENV FERRULE_AT HOME LANG LOGNAME PATH PWD SHELL SHLVL TERM USER _"]);
  });

  test("fault 24: prints no escape and no line without end", async () => {
    const done = await run(
      "esc",
      "#!/bin/bash\nprintf '\\033[31mred\\007\\n\\342\\200\\256back\\n'; head -c 100000 /dev/zero | tr '\\0' x; echo; seq 1000\n",
    );
    const lines = said(done, "esc");
    expect(lines.slice(0, 2)).toEqual(["esc | \\x1b[31mred\\x07", "esc | \\u202eback"]);
    expect(lines.every(line => line.length < 500)).toBe(true);
    expect(lines.at(-1)).toBe("esc | … 903 more lines");
  });
});
