# mh: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 6
:INPUT
-p 135 -m mh;-p mobility-header -m mh;OK
-p mh -m mh --mh-type 1;-p mobility-header -m mh --mh-type 1;OK
-p mh --mh-type binding-update;-p mobility-header -m mh --mh-type 5;OK
-p mh -m mh --mh-type bu;-p mobility-header -m mh --mh-type 5;OK
-p mh -m mh --mh-type BU;-p mobility-header -m mh --mh-type 5;OK
-p mh -m mh --mh-type bu:be;-p mobility-header -m mh --mh-type 5:7;OK
-p mh -m mh --mh-type 4:2;;FAIL
-p mh -m mh --mh-type :5;-p mobility-header -m mh --mh-type 0:5;OK
-p mh -m mh --mh-type 5:;-p mobility-header -m mh --mh-type 5:255;OK
-p mh -m mh --mh-type 0:255;-p mobility-header -m mh;OK
-p mh -m mh ! --mh-type 0:255;-p mobility-header -m mh;OK
-p mh -m mh ! --mh-type 4:9;-p mobility-header -m mh ! --mh-type 4:9;OK
-p mh -m mh ! --mh-type 7;-p mobility-header -m mh ! --mh-type 7;OK
-p mh -m mh --mh-type 256;;FAIL
-p mh -m mh --mh-type foo;;FAIL
-p mh -m mh --mh-type b;-p mobility-header -m mh --mh-type 0;OK
-p mh -m mh --mh-type brr:;-p mobility-header -m mh;OK
-p mh -m mh --mh-type "";-p mobility-header -m mh --mh-type 0;OK
-p mh -m mh --mh-type binding;-p mobility-header -m mh --mh-type 0;OK
-p mh -m mh --mh-type 1:2:3;;FAIL
-p mh -m mh --mh-type 1 --mh-type 2;;FAIL
-p mh -m mh --mh-type 0x3;-p mobility-header -m mh --mh-type 3;OK
! -p mh -m mh;;FAIL
-p mh -m mh --mh-type 10:20;-p mobility-header -m mh --mh-type 10:20;OK
-p mh -m mh --mh-type 0;-p mobility-header -m mh --mh-type 0;OK
-p mh -m mh --mh-type home-test;-p mobility-header -m mh --mh-type 3;OK
-p mh -m mh --mh-type home-test-i;-p mobility-header -m mh --mh-type 1;OK
-p mh -m mh --mh-type 5:5;-p mobility-header -m mh --mh-type 5;OK
-p mh -m mh --mh-type 0:7;-p mobility-header -m mh --mh-type 0:7;OK
-p mh -m mh --mh-type 0:8;-p mobility-header -m mh --mh-type 0:8;OK
-p mh -m mh --mh-type -1;;FAIL
-p mh -m mh --mh-type binding-acknowledgement:9;-p mobility-header -m mh --mh-type 6:9;OK
-p mh -m mh --mh-type 5:x;;FAIL
-p mh -m mh --mh-type x:5;;FAIL
-p mh -m mh --mh-type " 5";-p mobility-header -m mh --mh-type 5;OK
-p mh -m mh --mh-type bu:;-p mobility-header -m mh --mh-type 5:255;OK
-p mh -m mh --mh-type binding-refresh-request:;-p mobility-header -m mh;OK
-p mh -m mh --mh-type :;-p mobility-header -m mh;OK
-p mh --mh-type 2;-p mobility-header -m mh --mh-type 2;OK
@family 6
*filter
:INPUT
-p mh -m mh --mh-type bu;135 [2001:db8::9] > [2001:db8::1] raw data 0x3b01050000000000;match
-p mh -m mh ! --mh-type 4:5;135 [2001:db8::9] > [2001:db8::1] raw data 0x3b01050000000000;no
-p mh -m mh ! --mh-type 0:255;135 [2001:db8::9] > [2001:db8::1] raw data 0x3b01050000000000;no
-p mh -m mh;135 [2001:db8::9] > [2001:db8::1] raw data 0x1101050000000000;hotdrop
-p mh -m mh;135 [2001:db8::9] > [2001:db8::1] raw data 0x3b01050000;hotdrop
