# CONNMARK: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:FORWARD
-j CONNMARK --set-mark 1;-j CONNMARK --set-xmark 0x1/0xffffffff;OK
-j CONNMARK --set-mark 0x1/0xff;-j CONNMARK --set-xmark 0x1/0xff;OK
-j CONNMARK --set-xmark 0x1;-j CONNMARK --set-xmark 0x1/0xffffffff;OK
-j CONNMARK --set-xmark 0x1/0xff;=;OK
-j CONNMARK --set-xmark 0xfeedcafe/0xfeedcafe;=;OK
-j CONNMARK --and-mark 0xff;-j CONNMARK --set-xmark 0x0/0xffffff00;OK
-j CONNMARK --or-mark 0xff;-j CONNMARK --set-xmark 0xff/0xff;OK
-j CONNMARK --xor-mark 0xff;-j CONNMARK --set-xmark 0xff/0x0;OK
-j CONNMARK --or-mark 0;-j CONNMARK --set-xmark 0x0/0x0;OK
-j CONNMARK --save-mark;-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff;OK
-j CONNMARK --restore-mark;-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff;OK
-j CONNMARK --save-mark --nfmask 0xfeedcafe --ctmask 0xfeedcafe;=;OK
-j CONNMARK --restore-mark --nfmask 0xfeedcafe --ctmask 0xfeedcafe;=;OK
-j CONNMARK --restore-mark --nfmask 0xfeedcafe --ctmask 0xff;=;OK
-j CONNMARK --save-mark --nfmask 0xff;-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xffffffff;OK
-j CONNMARK --save-mark --ctmask 0xff;-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xff;OK
-j CONNMARK;;FAIL
-j CONNMARK --restore-mark --mask 0xff --nfmask 0xf;;FAIL
-j CONNMARK --set-mark 1 --save-mark;;FAIL
-j CONNMARK --save-mark --restore-mark;;FAIL
-j CONNMARK --nfmask 0xff;;FAIL
-j CONNMARK --save-mark --nfmask foo;;FAIL
-j CONNMARK --set-mark foo;;FAIL
-j CONNMARK --and-mark foo;;FAIL
*nat
@family 4
:PREROUTING
-j CONNMARK --save-mark;-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff;OK
*filter
@family 4
:INPUT
-j CONNMARK --save-mark;-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff;OK
*raw
@family 4
:PREROUTING
-j CONNMARK --save-mark;-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff;OK
*raw
@family 6
:PREROUTING
-j CONNMARK --save-mark;-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff;OK
*security
@family 4
:INPUT
-j CONNMARK --save-mark;-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff;OK
*mangle
@family 6
:FORWARD
-j CONNMARK --restore-mark --mask 0xff;-j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff;OK
@family 4
:PREROUTING
-j CONNMARK --set-mark 1 --left-shift-mark 8;-j CONNMARK --set-xmark 0x1/0xffffffff --left-shift-mark 8;OK
-j CONNMARK --restore-mark --left-shift-mark 8;-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff --left-shift-mark 8;OK
-j CONNMARK --save-mark --right-shift-mark 8;-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff --right-shift-mark 8;OK
-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff00 --left-shift-mark 32;;FAIL
