# SNAT: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*nat
@family 4
:INPUT
-j SNAT --to-source 1.1.1.1;=;OK
:OUTPUT
-j SNAT --to-source 1.1.1.1;;FAIL
:POSTROUTING
-j SNAT --to 1.1.1.1;-j SNAT --to-source 1.1.1.1;OK
-j SNAT --to-source 1.1.1.1;=;OK
-j SNAT --to-source 1.1.1.1-1.1.1.10;=;OK
-p tcp -j SNAT --to-source 1.1.1.1:1025-65535;=;OK
-p tcp -j SNAT --to-source 1.1.1.1-1.1.1.10:1025-65535;=;OK
-p tcp -j SNAT --to-source 1.1.1.1:1000-2000/1000;-p tcp -j SNAT --to-source 1.1.1.1:1000-2000/0;OK
-p tcp -j SNAT --to-source 1.1.1.1:ssh;-p tcp -j SNAT --to-source 1.1.1.1:22;OK
-p tcp -j SNAT --to-source :80;=;OK
-p tcp -j SNAT --to-source 1.1.1.1 --random;=;OK
-p tcp -j SNAT --to-source 1.1.1.1 --random-fully;=;OK
-p tcp -j SNAT --to-source 1.1.1.1 --random-fully --random --persistent;-p tcp -j SNAT --to-source 1.1.1.1 --random --random-fully --persistent;OK
-p tcp -j SNAT --to-source 1.1.1.1 --persistent;=;OK
-j SNAT;;FAIL
-p tcp -j SNAT --to-source 1.1.1.1-1.1.1.10:1025-65536;;FAIL
-p tcp -j SNAT --to-source 1.1.1.1-1.1.1.10:1025-65535 --to-source 2.2.2.2-2.2.2.20:1025-65535;;FAIL
-j SNAT --to-source 1.1.1.1:80;;FAIL
-j SNAT --to-source :;;FAIL
-p tcp -j SNAT --to-source :;;FAIL
:PREROUTING
-j SNAT --to-source 1.1.1.1;;FAIL
*mangle
@family 4
:POSTROUTING
-j SNAT --to-source 1.1.1.1;;FAIL
*nat
@family 6
:INPUT
-j SNAT --to-source ::1;=;OK
:POSTROUTING
-p tcp -j SNAT --to-source [2001:db8::1]:80 --random-fully;=;OK
-j SNAT --to-source 2001:db8::1;=;OK
-p tcp -j SNAT --to-source [2001:db8::1-2001:db8::10]:1025-65535;=;OK
-p tcp -j SNAT --to-source [2001:db8::1-2001:db8::10]:1025-65535/20;-p tcp -j SNAT --to-source [2001:db8::1-2001:db8::10]:1025-65535/0;OK
-p sctp -j SNAT --to-source [2001:db8::1-2001:db8::2]:1-2 --random --random-fully --persistent;=;OK
-p tcp -j SNAT --to-source [2001:db8::1-2001:db8::10]:1025-65536;;FAIL
