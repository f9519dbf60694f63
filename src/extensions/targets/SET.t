:INPUT,FORWARD
@family 46
-j SET --add-set a src;=;OK
-j SET --add-set a src --exist;=;OK
-j SET --add-set a src --timeout 5;=;OK
-j SET --timeout 0 --exist --add-set a src;-j SET --add-set a src --exist --timeout 0;OK
-j SET --del-set b src,dst --add-set a src;-j SET --add-set a src --del-set b src,dst;OK
-j SET --del-set b src,dst;=;OK
-j SET --add-set a src,dst,src,dst,src,dst;=;OK
-j SET ! --add-set a src;-j SET --add-set a src;OK
-j SET --add-set a src --exist --exist;-j SET --add-set a src --exist;OK
-j SET --add-set a src --timeout 4 --timeout 5;-j SET --add-set a src --timeout 5;OK
-j SET --add-set a src --timeout 4294967294;=;OK
-j SET --add-set a src --timeout 4294967295;;FAIL
-j SET --add-set a src --timeout x;;FAIL
-j SET --add-set a foo;;FAIL
-j SET --add-set a;;FAIL
-j SET --add-set a src --add-set b src;;FAIL
-j SET;;FAIL
-j SET --exist;;FAIL
-j SET --del-set a src --exist;;FAIL
-j SET --del-set a src --timeout 4;;FAIL
-j SET --map-set a src;;FAIL
-j SET --map-mark;;FAIL
-j SET --add-set a src --map-mark;;FAIL
-j SET --map-set a src --map-mark;;FAIL
-j SET --map-set a src --map-prio;;FAIL
*mangle
:PREROUTING,INPUT,FORWARD,OUTPUT,POSTROUTING
-j SET --map-set a src --map-mark;=;OK
-j SET --map-mark --map-set a src --add-set b src,dst;-j SET --add-set b src,dst --map-set a src --map-mark;OK
:FORWARD,OUTPUT,POSTROUTING
-j SET --map-set a src --map-queue --map-prio --map-mark;-j SET --map-set a src --map-mark --map-prio --map-queue;OK
-j SET --map-set a src --map-prio;=;OK
-j SET --map-set a src --map-queue;=;OK
:PREROUTING,INPUT
-j SET --map-set a src --map-prio;;FAIL
-j SET --map-set a src --map-queue;;FAIL
