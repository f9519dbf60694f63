# CT: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*raw
@family 4
:PREROUTING
-j CT;=;OK
-j CT --notrack;=;OK
-j CT --notrack --zone 1;=;OK
-j CT --zone 0;-j CT;OK
-j CT --zone 1;=;OK
-j CT --zone 65535;=;OK
-j CT --zone mark;=;OK
-j CT --zone-orig 1;=;OK
-j CT --zone-orig mark;=;OK
-j CT --zone-reply 1;=;OK
-j CT --zone-reply mark;=;OK
-j CT --zone-orig 1 --zone-reply 1;-j CT --zone 1;OK
-j CT --zone 1 --zone-orig 1;-j CT --zone-orig 1;OK
-j CT --zone 1 --zone-reply 2;-j CT --zone-reply 2;OK
-j CT --zone 0x10;-j CT --zone 16;OK
-j CT --ctevents new;=;OK
-j CT --notrack --notrack;;FAIL
-j CT --zone 65536;;FAIL
-j CT --zone foo;;FAIL
-j CT --zone 1 --zone 2;;FAIL
-j CT --zone-reply foo;;FAIL
-j CT --zone-reply 65536;;FAIL
-j CT --ctevents label;;FAIL
-j CT --ctevents foo;;FAIL
*raw
@family 6
:OUTPUT
-j CT --zone 7;=;OK
:PREROUTING
-j CT --notrack;=;OK
-p tcp -j CT --helper ftp;=;OK
-p udp -j CT --helper tftp;=;OK
-p udp -j CT --helper sip;=;OK
-p udp -j CT --helper amanda;=;OK
-p tcp -j CT --helper sane;=;OK
-p udp -j CT --helper RAS;=;OK
-p tcp -j CT --helper Q.931;=;OK
-p tcp -j CT --helper sip;=;OK
-p udp -j CT --helper H.245;=;OK
-p tcp -j CT --helper irc;;FAIL
-p udp -j CT --helper netbios-ns;;FAIL
-p udp -j CT --helper snmp;;FAIL
-p tcp -j CT --helper pptp;;FAIL
-p udp -j CT --helper snmp_trap;;FAIL
-p tcp -j CT --helper RAS;;FAIL
*mangle
@family 4
:PREROUTING
-j CT --notrack;;FAIL
*filter
@family 4
:INPUT
-j CT --notrack;;FAIL
*raw
@family 4
:PREROUTING
-j CT --expevents new;=;OK
-j CT --ctevents new --expevents new;=;OK
-p tcp -j CT --timeout "";-p tcp -j CT;OK
