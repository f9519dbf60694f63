# mac: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:FORWARD
-m mac --mac-source aa:bb:CC:dd:ee:FF;-m mac --mac-source aa:bb:cc:dd:ee:ff;OK
:INPUT
-m mac;;FAIL
-m mac --mac-source 00:01:02:03:04:05;=;OK
-m mac --mac-source aa:bb:CC:dd:ee:FF;-m mac --mac-source aa:bb:cc:dd:ee:ff;OK
-m mac ! --mac-source aa:bb:CC:dd:ee:FF;-m mac ! --mac-source aa:bb:cc:dd:ee:ff;OK
-m mac --mac-source a:b:c:d:e:f;-m mac --mac-source 0a:0b:0c:0d:0e:0f;OK
-m mac --mac-source aa-bb-cc-dd-ee-ff;;FAIL
-m mac --mac-source aabbccddeeff;;FAIL
-m mac --mac-source aa:bb:cc:dd:ee;;FAIL
-m mac --mac-source aa:bb:cc:dd:ee:ff:00;;FAIL
-m mac --mac-source aa:bb:cc:dd:ee:fg;;FAIL
-m mac --mac-source "";;FAIL
-m mac --mac-source foo;;FAIL
-m mac --mac-source :::::;-m mac --mac-source 00:00:00:00:00:00;OK
-m mac --mac-source " 1:2:3:4:5:6";-m mac --mac-source 01:02:03:04:05:06;OK
-m mac --mac-source 0x:2:3:4:5:6;;FAIL
-m mac --mac-source 1:2:3:4:5:6:;;FAIL
:OUTPUT
-m mac --mac-source aa:bb:CC:dd:ee:FF;;FAIL
*mangle
:POSTROUTING
-m mac --mac-source aa:bb:CC:dd:ee:FF;;FAIL
:PREROUTING
-m mac --mac-source aa:bb:CC:dd:ee:FF;-m mac --mac-source aa:bb:cc:dd:ee:ff;OK
*filter
@family 6
:INPUT
-m mac ! --mac-source aa:bb:CC:dd:ee:FF;-m mac ! --mac-source aa:bb:cc:dd:ee:ff;OK
@family 4
-m mac --mac-source 00:11:22:33:44:55;udp 192.0.2.9:1 > 198.51.100.2:2 mac 00:11:22:33:44:55;match
-m mac ! --mac-source 00:11:22:33:44:55;udp 192.0.2.9:1 > 198.51.100.2:2 mac 00:11:22:33:44:56;match
-m mac --mac-source 00:11:22:33:44:55;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m mac ! --mac-source 00:11:22:33:44:55;udp 192.0.2.9:1 > 198.51.100.2:2;no
