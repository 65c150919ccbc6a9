#!/bin/sh
# Changes the size of a formed cluster, one primitive at a time; run in pods from outside (kubectl exec). What drives it:
#   out   set the wanted size, add pods, then: lock in every pod | to, in pod 0 | unlock in every pod
#   in    set the wanted size, then: lock in every pod | to, in pod 0 | retire in each leaving pod | forget, in pod 0 |
#         remove the pods | unlock in every pod
# Every primitive looks at the cluster as it is and may be repeated: after an interruption, drive it again from the start.
HERE=$(dirname "$0")
. "$HERE/lib.sh"
# Nothing here is in a hurry, and silence must not be taken for an answer on a busy machine.
REDIS_ASK_TIMEOUT=${REDIS_ASK_TIMEOUT:-15}

usage() {
  echo "usage: scale.sh lock [REASON] | unlock | status | to SHARDS REPLICAS | retire | forget SHARDS REPLICAS" >&2
  exit 2
}

wanted() {
  case $1$2 in *[!0-9]*) usage ;; esac
  [ "$1" -ge 3 ] || fail "$1 shards: a cluster needs at least three masters to replace one that dies"
  S=$1 R=$2 N=$(($1 * (1 + $2)))
}

# This member's own line.
me() {
  tries=0
  while [ $tries -lt 10 ]; do
    mine=$(nodes "$LOCAL" | awk '$4 ~ /myself/')
    [ -z "$mine" ] || { echo "$mine"; return; }
    tries=$((tries + 1)); sleep 1
  done
}

# Wanted members that are not in the cluster, by this member's view.
absent() {
  i=0
  while [ $i -lt "$N" ]; do
    echo "$table" | awk -v i=$i '$3 == i { found = 1 } END { exit !found }' || { echo "$SET-$i is not in the cluster"; return; }
    i=$((i + 1))
  done
}

# What still moves, or nothing: all wanted members are here and every live one is ok and knows the same owners.
unsettled() {
  table=$(nodes "$LOCAL" | live)
  gone=$(absent)
  [ -z "$gone" ] || { echo "$gone"; return; }
  echo "$table" | while read -r _ ip ordinal _; do
    state=$(ask "$ip" CLUSTER INFO | field cluster_state)
    [ "$state" = ok ] || { echo "$SET-$ordinal reports cluster_state:${state:-unknown}"; break; }
    [ "$(owners "$ip")" = "$(owners "$LOCAL")" ] || { echo "$SET-$ordinal has another view of the owners of slots"; break; }
  done
}

# Slots that an interrupted move left between two masters, as each live master says of itself:
#   address id slot in|out other        [5-<-id] is one that it takes in, [5->-id] one that it gives out
open_slots() {
  echo "$table" | awk '$4 ~ /master/ { print $2 }' | while read -r ip; do
    ask "$ip" CLUSTER NODES | tr -d '\r' | awk -v ip="$ip" '$3 ~ /myself/ { for (i = 9; i <= NF; i++) if ($i ~ /^\[/) {
      n = split($i, part, /\[|\]|-[<>]-/); print ip, $1, part[2], $i ~ /-<-/ ? "in" : "out", part[3] } }'
  done
}

# Who says of itself that it owns a slot: "address id".
owner_of() {
  echo "$table" | awk '$4 ~ /master/ { print $2 }' | while read -r ip; do
    id=$(nodes "$ip" | awk '$4 ~ /myself/' | covering "$1")
    [ -z "$id" ] || { echo "$ip $id"; break; }
  done
}

# When one of the two sides was replaced by its replica, the other still names the former master, does not believe the new one, and may see
# the slot without an owner. First both sides are made to name each other; then redis-cli ends the move. Where both have a
# key, the owner's counts: it is the one that took writes since.
mend() {
  echo "$1" | while read -r ip id slot way other; do
    if [ "$way" = in ]; then
      set -- $(owner_of "$slot")
      [ $# = 2 ] && [ "$2" != "$id" ] || continue
      ask "$ip" CLUSTER SETSLOT "$slot" NODE "$2"
      ask "$ip" CLUSTER SETSLOT "$slot" IMPORTING "$2"
      ask "$1" CLUSTER SETSLOT "$slot" MIGRATING "$id"
    else
      # The one that takes it in, or who took that one's place.
      heir=$(echo "$table" | awk -v id="$other" '{ master[$1] = $4 ~ /slave/ ? $5 : $1; ip[$1] = $2 } END { id = master[id]; if (id in ip) print ip[id], id }')
      set -- $heir
      if [ $# = 2 ] && [ "$2" != "$id" ]; then
        ask "$1" CLUSTER SETSLOT "$slot" IMPORTING "$id"
        ask "$ip" CLUSTER SETSLOT "$slot" MIGRATING "$2"
      else
        ask "$ip" CLUSTER SETSLOT "$slot" STABLE
      fi
    fi
  done > /dev/null
  timeouts 60000
  redis-cli --cluster fix "$own" --cluster-yes --cluster-replace --cluster-pipeline 100 2>&1 | sed 's/\x1b\[[0-9;]*m//g' | grep -E '^\[ERR\]|^\*\*\*|error' | grep -v 'Target key exists'
  timeouts "$(timeout_before)"
}

# A key is moved in one piece, and its master answers nobody meanwhile: with a large one long enough to be taken for dead and replaced
# in the midst of it. The patience of all members is larger then, and the pause is announced.
timeouts() { echo "$table" | while read -r _ ip _; do ask "$ip" CONFIG SET cluster-node-timeout "$1" > /dev/null; done; }
large_keys() {
  echo "$table" | awk '$4 ~ /master/ && $7 > 0 { print $2, $3 }' | while read -r ip ordinal; do
    # Biggest   hash found "{460}big" has 148777344 bytes
    redis-cli -h "$ip" -p "$PORT" --memkeys 2> /dev/null < /dev/null | awk -v who="$SET-$ordinal" -v limit="${REDIS_LARGE_KEY:-16777216}" '
      /^Biggest .* bytes$/ && $(NF - 1) > limit { sub(/^Biggest */, ""); sub(/ found/, ""); gsub(/\047/, ""); printf "%s: %s\n", who, $0 }'
  done
}

# With the masters that are to stay: those that own slots, then those that were chosen before, then any spare one.
kept() {
  echo "$table" | awk -v s="$S" -v n="$N" '
    $4 ~ /slave/ { has[$5] = 1 }
    $4 ~ /master/ && $3 != "-" && $3 < n { id[++count] = $1; slots[$1] = $7; ordinal[$1] = $3 }
    END { for (i = 1; i <= count; i++) print (slots[id[i]] > 0 ? 0 : id[i] in has ? 1 : 2), ordinal[id[i]], id[i] }' |
  sort -k1n -k2n | awk -v s="$S" 'NR <= s { printf "%s ", $3 }'
}

# A leaving master with a staying replica: the replica takes over, and no slot has to move.
promotable() {
  echo "$table" | awk -v n="$N" '
    $4 ~ /master/ && $7 > 0 && ($3 == "-" || $3 >= n) { leaving[$1] = 1 }
    $4 ~ /slave/ && $3 != "-" && $3 < n { ip[$5] = $2 " " $3 }
    END { for (id in leaving) if (id in ip) { print ip[id]; exit } }'
}

# The members that roles may be given to, seen as if the kept masters had all slots. What still guards or holds slots that
# have to move is left out.
assignable() {
  echo "$table" | awk -v n="$N" -v keep="$1" '
    BEGIN { split(keep, list); for (i in list) kept[list[i]] = 1 }
    { line[NR] = $0; if ($4 ~ /master/ && $7 > 0 && !($1 in kept)) draining[$1] = 1 }
    END { for (i = 1; i <= NR; i++) {
      $0 = line[i]
      if ($3 == "-" || $3 >= n || $1 in draining || $5 in draining) continue
      if ($1 in kept) { if ($7 == 0) $7 = 1 } else if ($4 ~ /master/ || !($5 in kept)) { $4 = "master"; $5 = "-" }
      print } }' |
  while read -r id ip ordinal flags master link slots _; do
    where=$(identity "$ip"); echo "$id $ip $ordinal $flags $master $link $slots ${where##* }"
  done
}

# Replicas that the kept masters can spare, the highest ordinal first: to be turned into masters.
surplus() {
  echo "$table" | awk -v n="$N" -v r="$R" '$4 ~ /slave/ && $3 != "-" && $3 < n { if (++has[$5] > r) { ip = $2 " " $3 } } END { if (ip != "") print ip }'
}

balanced() {
  echo "$table" | awk -v s="$S" -v keep="$1" '
    BEGIN { split(keep, list); for (i in list) kept[list[i]] = 1; share = 16384 / s }
    $4 ~ /master/ && ($1 in kept ? $7 < share * 0.98 || $7 > share * 1.02 : $7 > 0) { off = 1 }
    END { exit off }'
}

# One step towards the wanted size; prints it. Nothing printed: the size is reached.
advance() {
  set -- $(promotable)
  if [ $# = 2 ]; then echo "$SET-$2 takes over from its leaving master: $(ask "$1" CLUSTER FAILOVER)"; sleep 1; return; fi

  keep=$(kept)
  if [ "$(echo "$keep" | wc -w)" -lt "$S" ]; then
    set -- $(surplus)
    [ $# = 2 ] || { echo "waiting for a member that can become a master"; return; }
    echo "$SET-$2 becomes a master: $(ask "$1" CLUSTER RESET SOFT)"; return
  fi

  pairs=$(assignable "$keep" | awk -v wanted="$R" -f "$HERE/pairs.awk")
  if [ -n "$pairs" ]; then
    echo "$pairs" | while read -r id master; do
      set -- $(echo "$table" | awk -v id="$id" '$1 == id { print $2, $3 }')
      echo "$SET-$2 becomes a replica of $master: $(ask "$1" CLUSTER REPLICATE "$master")"
    done
    sleep 1; return
  fi

  if ! balanced "$keep"; then
    weights=$(echo "$table" | awk -v keep="$keep" 'BEGIN { split(keep, list); for (i in list) kept[list[i]] = 1 }
      $4 ~ /master/ { print $1 "=" ($1 in kept ? 1 : 0) }')
    echo "slots moved"
    large=$(large_keys)
    if [ -n "$large" ]; then
      echo "$large" | while read -r line; do say "$line: its shard pauses if it moves" >&3; done
      timeouts 60000
    fi
    # Minutes of work: told while it goes on.
    # shellcheck disable=SC2086 # one argument per weight
    redis-cli --cluster rebalance "$own" --cluster-use-empty-masters --cluster-pipeline 100 --cluster-weight $weights 2>&1 |
      while read -r line; do case $line in Moving* | '***'* | *'[ERR]'*) say "$line" >&3 ;; esac; done
    [ -z "$large" ] || timeouts "$(timeout_before)"
  fi
}

to() {
  exec 3>&1
  exec 9>"$DATA/scaling.run"
  flock -n 9 || { say "a scaling started earlier is still running: waiting for it"; flock 9; }
  [ -e "$DATA/scaling.lock" ] || fail "not locked: run 'scale.sh lock' in every pod first, or the keepers will interfere"
  set -- $(me)
  [ $# -gt 0 ] || fail "$POD_NAME does not answer"
  own=$2:$PORT
  begin=$(date +%s) same=0 last=''
  while :; do
    reason=$(unsettled)
    # unsettled ran in a subshell: the view it agreed on is read again.
    table=$(nodes "$LOCAL" | live)
    open=$(open_slots)
    if [ -n "$open" ] && [ -z "$(absent)" ]; then
      say "mending slots that an interrupted move left open: $(echo "$open" | awk '{ print $3 }' | sort -n -u | tr '\n' ' ')"
      why=$(mend "$open")
      did="slots mended${why:+: $why}" reason=''
    elif [ -n "$reason" ]; then
      [ "$reason" = "$last" ] || say "waiting: $reason"
      last=$reason
      [ $(($(date +%s) - begin)) -lt "${REDIS_SCALE_TIMEOUT:-300}" ] || fail "gave up after ${REDIS_SCALE_TIMEOUT:-300} s: $reason"
      sleep 1; continue
    else
      did=$(advance)
      [ -n "$did" ] || { say "$S shards with $R replicas each"; return 0; }
      echo "$did" | while read -r line; do say "$line"; done
    fi
    if [ "$did" = "$last" ]; then same=$((same + 1)); else same=0; fi
    [ $same -lt 20 ] || fail "no progress: $did"
    last=$did begin=$(date +%s)
  done
}

retire() {
  set -- $(me)
  [ $# -gt 0 ] || fail "$POD_NAME does not answer"
  [ "$7" = 0 ] || fail "$POD_NAME still owns $7 slots: run 'scale.sh to' first"
  # No longer ready, it is still one who knows where keys are, until the Service has let go of it: three probes, two seconds each.
  : > "$DATA/retired"
  sleep "${REDIS_RETIRE_DRAIN:-8}"
  # Nameless, it is nobody's peer: no keeper meets it again.
  ask "$LOCAL" CONFIG SET cluster-announce-hostname "" >/dev/null
  reply=$(ask "$LOCAL" CLUSTER RESET HARD)
  [ "$reply" = OK ] || fail "$POD_NAME does not leave the cluster: ${reply:-no answer}"
  say "$POD_NAME leaves the cluster"
}

# Everywhere within a minute: a member that still knew a forgotten one would bring it back to the others.
forget() {
  tries=0
  while [ $tries -lt 60 ]; do
    table=$(nodes "$LOCAL" | live | awk -v n="$N" '$3 != "-" && $3 < n')
    staying=$(echo "$table" | awk '{ printf "%s ", $1 }')
    if [ "$(echo "$staying" | wc -w)" -lt "$N" ]; then left="not all $N members are seen"
    else left=$(echo "$table" | while read -r _ ip ordinal _; do
      view=$(nodes "$ip")
      [ -n "$view" ] || { echo "$SET-$ordinal does not answer"; continue; }
      echo "$view" | awk -v staying="$staying" 'BEGIN { split(staying, list); for (i in list) stays[list[i]] = 1 } !($1 in stays) && $7 == 0 { print $1 }' |
        while read -r id; do echo "$id"; ask "$ip" CLUSTER FORGET "$id" >/dev/null; done
    done); fi
    [ -n "$left" ] || { say "only the $N members are known"; return 0; }
    tries=$((tries + 1)); sleep 0.5
  done
  fail "some members still know others than the $N: $left"
}

# A change of size begins here, perhaps after an interrupted one that wanted fewer: who was retired then is a member again, and empty.
lock() {
  # With the node timeout as it was before a scaling that was cut off while it had raised it.
  [ -s "$DATA/scaling.lock" ] || echo "$1 $(ask "$LOCAL" CONFIG GET cluster-node-timeout | tail -n 1)" > "$DATA/scaling.lock"
  [ -e "$DATA/retired" ] || return 0
  [ "$(ask "$LOCAL" CONFIG SET cluster-announce-hostname "$(name_of "$ORDINAL")")" = OK ] || fail "$POD_NAME does not answer"
  rm -f "$DATA/retired"
}

timeout_before() { sed 's/.* //' "$DATA/scaling.lock"; }

unlock() {
  [ -e "$DATA/scaling.lock" ] || return 0
  before=$(timeout_before)
  case $before in '' | *[!0-9]*) ;; *) ask "$LOCAL" CONFIG SET cluster-node-timeout "$before" > /dev/null ;; esac
  rm -f "$DATA/scaling.lock"
}

case ${1:-} in
  lock) lock "${2:-scaling}" ;;
  unlock) unlock ;;
  status) nodes "$LOCAL" | sort -k3n | awk '{ printf "%s %s %s %s slots=%s\n", $3, $1, $4, $6, $7 }' ;;
  to) [ $# = 3 ] || usage; wanted "$2" "$3"; to ;;
  retire) retire ;;
  forget) [ $# = 3 ] || usage; wanted "$2" "$3"; forget ;;
  *) usage ;;
esac
