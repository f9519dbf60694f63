# MARK: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:FORWARD
-j MARK --set-mark 1;-j MARK --set-xmark 0x1/0xffffffff;OK
-j MARK --set-mark 0x1/0xff;-j MARK --set-xmark 0x1/0xff;OK
-j MARK --set-mark 1/1;-j MARK --set-xmark 0x1/0x1;OK
-j MARK --set-xmark 0x1/0xff;=;OK
-j MARK --set-xmark 0x1;-j MARK --set-xmark 0x1/0xffffffff;OK
-j MARK --set-mark 0xfeedcafe/0xfeedcafe;-j MARK --set-xmark 0xfeedcafe/0xfeedcafe;OK
-j MARK --set-xmark 0xfeedcafe/0;-j MARK --set-xmark 0xfeedcafe/0x0;OK
-j MARK --set-xmark 0x10/0x10;=;OK
-j MARK --set-xmark 0/0xf;-j MARK --set-xmark 0x0/0xf;OK
-j MARK --and-mark 0xff;-j MARK --set-xmark 0x0/0xffffff00;OK
-j MARK --or-mark 0xff;-j MARK --set-xmark 0xff/0xff;OK
-j MARK --xor-mark 0xff;-j MARK --set-xmark 0xff/0x0;OK
-j MARK --or-mark 0;-j MARK --set-xmark 0x0/0x0;OK
-j MARK --xor-mark 0;-j MARK --set-xmark 0x0/0x0;OK
-j MARK --and-mark 0xffffffff;-j MARK --set-xmark 0x0/0x0;OK
-j MARK --and-mark 0;-j MARK --set-xmark 0x0/0xffffffff;OK
-j MARK --set-mark -1;;FAIL
-j MARK --set-mark 4294967296;;FAIL
-j MARK --set-mark 1/;;FAIL
-j MARK --set-mark /1;;FAIL
-j MARK --set-mark foo;;FAIL
-j MARK --set-mark 1x;;FAIL
-j MARK;;FAIL
-j MARK --set-mark 1 --or-mark 2;;FAIL
*filter
@family 4
:FORWARD
-j MARK --set-mark 1;-j MARK --set-xmark 0x1/0xffffffff;OK
*nat
@family 4
:PREROUTING
-j MARK --set-mark 1;-j MARK --set-xmark 0x1/0xffffffff;OK
*raw
@family 4
:PREROUTING
-j MARK --set-mark 1;-j MARK --set-xmark 0x1/0xffffffff;OK
*mangle
@family 6
:FORWARD
-j MARK --set-mark 0x10/0xf0;-j MARK --set-xmark 0x10/0xf0;OK
