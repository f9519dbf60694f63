# DSCP: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:FORWARD
-j DSCP --set-dscp 0;-j DSCP --set-dscp 0x00;OK
-j DSCP --set-dscp 0x3f;=;OK
-j DSCP --set-dscp 63;-j DSCP --set-dscp 0x3f;OK
-j DSCP --set-dscp-class CS0;-j DSCP --set-dscp 0x00;OK
-j DSCP --set-dscp-class CS7;-j DSCP --set-dscp 0x38;OK
-j DSCP --set-dscp-class cs7;-j DSCP --set-dscp 0x38;OK
-j DSCP --set-dscp-class BE;-j DSCP --set-dscp 0x00;OK
-j DSCP --set-dscp-class AF11;-j DSCP --set-dscp 0x0a;OK
-j DSCP --set-dscp-class AF43;-j DSCP --set-dscp 0x26;OK
-j DSCP --set-dscp-class EF;-j DSCP --set-dscp 0x2e;OK
-j DSCP --set-dscp-class af11;-j DSCP --set-dscp 0x0a;OK
-j DSCP --set-dscp-class "CS1 ";-j DSCP --set-dscp 0x08;OK
-j DSCP --set-dscp-class AF11xyz;-j DSCP --set-dscp 0x0a;OK
-j DSCP;;FAIL
-j DSCP --set-dscp 64;;FAIL
-j DSCP --set-dscp -1;;FAIL
-j DSCP --set-dscp foo;;FAIL
-j DSCP --set-dscp-class CS8;;FAIL
-j DSCP --set-dscp-class "";;FAIL
-j DSCP --set-dscp-class EF --set-dscp 1;;FAIL
-j DSCP --set-dscp 1 --set-dscp-class EF;;FAIL
*mangle
@family 6
:FORWARD
-j DSCP --set-dscp 0x3f;=;OK
*filter
@family 4
:FORWARD
-j DSCP --set-dscp 1;;FAIL
