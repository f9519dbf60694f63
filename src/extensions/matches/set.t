# Sets by name; whether they exist is not asked here.
:INPUT,FORWARD,OUTPUT
@family 46
-m set --match-set a src;=;OK
-m set ! --match-set a src;=;OK
-m set --match-set a dst -j ACCEPT;=;OK
-m set --match-set a src,dst,src,dst,src,dst;=;OK
-m set --match-set a src,dst,src,dst,src,dst,src;;FAIL
-m set --set a src;-m set --match-set a src;OK
-m set --return-nomatch --match-set a src;-m set --match-set a src --return-nomatch;OK
-m set --match-set a src ! --return-nomatch;;FAIL
-m set --match-set b src,dst ! --update-counters;=;OK
-m set --match-set b src,dst --update-counters;-m set --match-set b src,dst;OK
-m set --match-set b src,dst ! --update-subcounters;=;OK
-m set --match-set b src,dst ! --update-counters ! --update-subcounters;=;OK
-m set --match-set b src --packets-eq 5;=;OK
-m set --match-set b src ! --packets-eq 5;=;OK
-m set --match-set b src --bytes-gt 7 --packets-lt 5;-m set --match-set b src --packets-lt 5 --bytes-gt 7;OK
-m set --match-set b src --packets-gt 5 ! --bytes-eq 7;=;OK
-m set --match-set b src --bytes-lt 0x10;-m set --match-set b src --bytes-lt 16;OK
-m set --match-set b src --packets-eq 18446744073709551615;=;OK
-m set --match-set b src --packets-eq 18446744073709551616;;FAIL
-m set --match-set b src --packets-eq x;;FAIL
-m set --match-set b src --packets-eq -1;;FAIL
-m set --match-set b src ! --packets-lt 5;;FAIL
-m set --match-set b src ! --bytes-gt 5;;FAIL
-m set --match-set b src --packets-lt 5 --packets-gt 6;;FAIL
-m set --match-set b foo;;FAIL
-m set --match-set b src,;;FAIL
-m set --match-set b ,src;;FAIL
-m set --match-set b SRC;;FAIL
-m set --match-set b;;FAIL
-m set --match-set b -src;;FAIL
-m set;;FAIL
-m set --return-nomatch;;FAIL
-m set --match-set a src --match-set b src;;FAIL
-m set --match-set a src -m set --match-set b dst;=;OK
-m set --match-set abcdefghijklmnopqrstuvwxyz12345 src;=;OK
-m set --match-set abcdefghijklmnopqrstuvwxyz123456 src;;FAIL
# A set that does not exist has no packet.
@family 4
-m set --match-set a src;tcp 10.0.0.1:1000 > 10.0.0.2:80 syn in eth0;no
-m set ! --match-set a src;tcp 10.0.0.1:1000 > 10.0.0.2:80 syn in eth0;match
