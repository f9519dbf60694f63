import { serviceName } from "../../packet/index.ts";

/** What people call a port where the services database says something else or nothing: `name port/protocols`. */
const EVERYDAY = `
dns 53/tcp,udp
dns-over-tls 853/tcp,udp
dhcp-server 67/udp
dhcp-client 68/udp
portmap 111/tcp,udp
ident 113/tcp
imap 143/tcp
smb 445/tcp
smtps 465/tcp
ike 500/udp
ipsec-nat-t 4500/udp
quic 443/udp
l2tp 1701/udp
pptp 1723/tcp
ssdp 1900/udp
mqtt 1883/tcp
docker 2375/tcp
docker-tls 2376/tcp
etcd 2379/tcp
squid 3128/tcp
stun 3478/tcp,udp
rdp 3389/tcp,udp
iscsi 3260/tcp
llmnr 5355/udp
sips 5061/tcp,udp
xmpp 5222/tcp
vnc 5900/tcp
winrm 5985/tcp
kubernetes 6443/tcp
irc 6667/tcp
ircs 6697/tcp
mqtts 8883/tcp
https-alt 8443/tcp
elasticsearch 9200/tcp
kubelet 10250/tcp
memcached 11211/tcp,udp
mongodb 27017/tcp
wireguard 51820/udp
`;

const NAMES: ReadonlyMap<string, string> = new Map(
  EVERYDAY.trim()
    .split("\n")
    .flatMap(line => {
      const [name = "", place = ""] = line.split(" ");
      const [port = "", protocols = ""] = place.split("/");
      return protocols.split(",").map((protocol): [string, string] => [`${port}/${protocol}`, name]);
    }),
);

/** What people call a port of a protocol (`tcp`, `udp` …): `dns` for udp 53; the services database's name where there is no better, undefined without any. */
export const portName = (port: number, protocol: string): string | undefined =>
  NAMES.get(`${port}/${protocol}`) ?? serviceName(port, protocol);
