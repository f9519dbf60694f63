# dccp: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-p dccp -m dccp;=;OK
-p dccp --dccp-types REQUEST;-p dccp -m dccp --dccp-types REQUEST;OK
-p dccp -m dccp --dccp-types REQUEST,RESPONSE,DATA,ACK,DATAACK,CLOSEREQ,CLOSE,RESET,SYNC,SYNCACK,INVALID;=;OK
-p dccp -m dccp ! --dccp-types request,INVALID;-p dccp -m dccp ! --dccp-types REQUEST,INVALID;OK
-p dccp -m dccp --dccp-types REQ;;FAIL
-p dccp -m dccp --dccp-types REQUEST,,ACK;-p dccp -m dccp --dccp-types REQUEST,ACK;OK
-p dccp -m dccp --dccp-types REQUEST,;-p dccp -m dccp --dccp-types REQUEST;OK
-p dccp -m dccp --dccp-types foo;;FAIL
-p dccp -m dccp --dccp-option 1;=;OK
-p dccp -m dccp ! --dccp-option 1;=;OK
-p dccp -m dccp --dccp-option 0;;FAIL
-p dccp -m dccp --dccp-option 255 --dccp-types ACK --sport 5 --dport 1:9;-p dccp -m dccp --sport 5 --dport 1:9 --dccp-types ACK --dccp-option 255;OK
-p dccp -m dccp --sport 9:1;=;OK
-p dccp -m dccp --sport 0:65535;=;OK
-p dccp -m dccp ! --sport 0:65535;=;OK
-p dccp -m dccp --sport http;-p dccp -m dccp --sport 80;OK
-p dccp -m dccp --sport 5 --sport 6;;FAIL
-p dccp -m dccp --dccp-option 5 --dccp-option 6;;FAIL
-p dccp -m dccp --dccp-types ACK --dccp-types ACK;;FAIL
-m dccp;;FAIL
-p tcp -m dccp --sport 5;;FAIL
-p dccp -m dccp --sport 22:80 ! --dport 22;=;OK
-p dccp -m dccp ! --sport 22:80 ! --dport 22 ! --dccp-types ACK ! --dccp-option 3;=;OK
-p dccp -m dccp --sport 4:2;=;OK
-p dccp -m dccp --sport 80:22 --dport :9;-p dccp -m dccp --sport 80:22 --dport 0:9;OK
-p dccp -m dccp --sport 1:2:3;;FAIL
-p dccp -m dccp --sport foo;;FAIL
-p dccp -m dccp --sport 65536;-p dccp -m dccp --sport 0;OK
-p dccp -m dccp --dccp-types ,REQUEST;-p dccp -m dccp --dccp-types REQUEST;OK
-p dccp -m dccp --dccp-types REQUEST,INVALID,FOO;;FAIL
-p dccp -m dccp --dccp-option x;;FAIL
-p dccp -m dccp --dccp-types "REQUEST ACK";;FAIL
-p dccp ! --dport 1:2;-p dccp -m dccp ! --dport 1:2;OK
@family 6
-p dccp -m dccp --sport 5 --dccp-types DATA;=;OK
@family 4
*filter
:INPUT
-p dccp -m dccp --sport 5 --dccp-types REQUEST;dccp 192.0.2.9:5 > 198.51.100.2:2 type request;match
-p dccp -m dccp ! --dccp-types REQUEST;dccp 192.0.2.9:5 > 198.51.100.2:2 type request;no
-p dccp -m dccp --dccp-types INVALID;dccp 192.0.2.9:5 > 198.51.100.2:2 type 12;match
-p dccp -m dccp --dccp-types "";dccp 192.0.2.9:5 > 198.51.100.2:2 type data;no
-p dccp -m dccp --dccp-option 5;dccp 192.0.2.9 > 198.51.100.2 raw data 0x000500020400000004010000050302aa;match
-p dccp -m dccp --dccp-option 3;dccp 192.0.2.9 > 198.51.100.2 raw data 0x000500020400000004010000050302aa;no
-p dccp -m dccp --dccp-option 5;dccp 192.0.2.9 > 198.51.100.2 raw data 0x000500020200000004010000050302aa;hotdrop
-p dccp -m dccp --sport 6 --dccp-option 5;dccp 192.0.2.9 > 198.51.100.2 raw data 0x000500020200000004010000050302aa;no
-p dccp -m dccp;dccp 192.0.2.9 > 198.51.100.2 raw data 0x0005000203000000040100;hotdrop
-p dccp -m dccp ! --sport 6;dccp 192.0.2.9 > 198.51.100.2 frag 3 data 0x0005000203000000040100000000000000;no
