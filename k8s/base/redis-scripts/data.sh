# Read by start.sh: what is on the volume, and whether the member may serve it. A replica copies whatever its master has, also nothing:
# a member that comes back with less than its shard had must not be started as its master while another member still has the data.
MANIFEST=$DATA/appendonlydir/appendonly.aof.manifest

# pause REASON: a second's wait that log and probes know of.
pause() {
  [ "$1" = "${told:-}" ] || { told=$1; say "waiting: $1"; }
  mark waiting "waiting: $1"
  sleep 1 & wait $!
}

# A full volume lets no member start, and ends one that has to note a change of the cluster.
room() {
  until { head -c 262144 /dev/zero > "$DATA/room"; } 2> /dev/null; do
    rm -f "$DATA/room"
    pause "no room on the data volume"
  done
  rm -f "$DATA/room"
}

# Of nodes.conf: this member's id, the id of its shard's master, the first slot of the shard, and how many replicas the master has.
#   id ip:port@bus,hostname flags master ping pong epoch link slot-slot... | vars currentEpoch 7 lastVoteEpoch 7
shard() {
  awk '{ for (i = 9; i <= NF; i++) if ($i !~ /^\[/) { split($i, range, "-"); slot[$1] = range[1]; break } }
    $3 ~ /slave/ { has[$4]++ }
    $3 ~ /myself/ { me = $1; master = $3 ~ /slave/ ? $4 : $1 }
    END { if (master in slot) print me, master, slot[master], has[master] + 0 }' "$DATA/nodes.conf" 2> /dev/null
}

is_readable() {
  awk '$1 == "vars" && NF == 5 { vars = 1; next }
    length($1) == 40 && $1 !~ /[^0-9a-f]/ && NF >= 8 { if ($3 ~ /myself/) me = 1; next }
    { broken = 1 }
    END { exit !(vars && me && !broken) }' "$DATA/nodes.conf" 2> /dev/null
}

# Data without an identity would be taken for a stranger's, and dropped for the slots that others claim. What the peers know of this
# member by its name is its nodes.conf again; of several former selves the one that has a part counts.
remember() {
  if is_readable || { [ ! -e "$MANIFEST" ] && [ ! -e "$DATA/nodes.conf" ]; }; then return; fi
  tries=0
  while :; do
    answered=''
    topology; peer=0
    while [ $peer -lt "$SIZE" ]; do
      address=''; [ $peer = "$ORDINAL" ] || address=$(address_of $peer)
      peer=$((peer + 1))
      [ -n "$address" ] || continue
      view=$(ask "$address" CLUSTER NODES | tr -d '\r' | grep '@')
      [ -z "$view" ] || answered=1
      id=$(echo "$view" | awk -v name="$(name_of "$ORDINAL")" '{ split($2, at, ","); part = NF > 8 ? 3 : $3 ~ /slave/ ? 2 : 1
        if (at[2] == name && part > best) { best = part; id = $1 } } END { print id }')
      [ -n "$id" ] || continue
      echo "$view" | awk -v id="$id" '
        { sub(/myself,/, "", $3); gsub(/ \[[^]]*\]/, "") }
        $1 == id { gsub(/,(fail[?]?|noaddr|handshake)/, "", $3); $3 = "myself," $3 }
        { print; if ($7 > epoch) epoch = $7 }
        END { print "vars currentEpoch " epoch " lastVoteEpoch " epoch }' > "$DATA/nodes.conf" || fail "cannot write nodes.conf"
      say "nodes.conf was lost or damaged: this member is $id again, as $SET-$((peer - 1)) knows it"
      return
    done
    [ -z "$answered" ] && [ $tries -lt 10 ] || break
    tries=$((tries + 1)); pause "nodes.conf is lost or damaged: for a peer that knows this member"
  done
  [ ! -e "$DATA/nodes.conf" ] || { say "nodes.conf is damaged and no peer knows this member: it joins as a new one"; rm -f "$DATA/nodes.conf"; }
}

# Why redis-server cannot read the data, if so: tried without a port when the last start ended before it had read them.
unreadable() {
  redis-server - > "$RUN/trial" 2>&1 <<CONF &
$(printf '%s\n' "${REDIS_CONFIG:-}" | grep -i '^ *loadmodule')
port 0
unixsocket $RUN/trial.sock
dir $DATA
save ""
appendonly $1
CONF
  trial=$!
  until grep -qi 'ready to accept connections' "$RUN/trial"; do
    kill -0 $trial 2> /dev/null || break
    sleep 0.1
  done
  if kill -TERM $trial 2> /dev/null && wait $trial; then return 1; fi
  # 7:M 20 Nov 2026 09:00:00.000 # Bad file format reading the append only file appendonly.aof.1.incr.aof: make a backup …
  grep ' # ' "$RUN/trial" | tail -n 1 | sed 's/^[^#]* # //; s/[:;] .*//'
}

# One of: whole | less | lost | none | damaged REASON
condition() {
  case ${REDIS_APPENDFSYNC:-everysec} in off) echo none; return ;; esac
  had=0
  [ ! -e "$DATA/bytes" ] || read -r had < "$DATA/bytes" || :
  # file appendonly.aof.1.base.rdb seq 1 type b
  have=$(sed -n 's/^file \([^ ]*\) .* type [bi]$/\1/p' "$MANIFEST" 2> /dev/null | while read -r file; do wc -c < "$DATA/appendonlydir/$file"; done 2> /dev/null |
    awk '{ sum += $1 } END { print sum + 0 }')
  if [ -e "$DATA/loading" ] && why=$(unreadable yes); then echo "damaged $why"
  elif [ "${had:-0}" -gt 0 ] && [ ! -e "$MANIFEST" ]; then echo lost
  elif [ "$have" -lt "${had:-0}" ]; then echo less
  else echo whole; fi
}

# Seconds since this member's last write, or nothing where no file tells.
last_write() {
  newest=$(stat -c %Y "$DATA/bytes" "$DATA"/appendonlydir/*.aof 2> /dev/null | sort -n | tail -n 1)
  [ -z "$newest" ] || echo $(($(date +%s) - newest))
}

# What a peer says of the shard: ordinal address role master since keys owns. "since": seconds without the master, "-" as long as there is
# one, -1 when there was none since its start. A peer that is still loading is there, and says no more.
look_at() {
  at=$(address_of "$1")
  [ -n "$at" ] || return 0
  printf 'CONFIG GET cluster-announce-hostname\nINFO replication\nDBSIZE\nCLUSTER NODES\n' | ask "$at" | tr -d '\r' |
    awk -v ordinal="$1" -v at="$at" -v name="$(name_of "$1")" -v slot="$2" '
      /^LOADING/ { print ordinal, at, "loading", "-", "-", 0, 0; exit }
      previous == "cluster-announce-hostname" { named = $0 == name }
      /^(role|master_link_down_since_seconds):/ { split($0, pair, ":"); is[pair[1]] = pair[2] }
      /^[0-9]+$/ { keys = $0 }
      length($1) == 40 && NF >= 8 && $3 ~ /myself/ {
        master = $4
        for (i = 9; i <= NF; i++) if ($i !~ /^\[/) { if (split($i, range, "-") == 1) range[2] = range[1]; if (range[1] <= slot && slot <= range[2]) owns = 1 }
      }
      { previous = $0 }
      END { if (named && master != "") print ordinal, at, is["role"], master, "master_link_down_since_seconds" in is ? is["master_link_down_since_seconds"] : "-", keys + 0, owns + 0 }'
}

survey() {
  topology
  { peer=0
    while [ $peer -lt "$SIZE" ]; do
      [ $peer = "$ORDINAL" ] || look_at $peer "$1" &
      peer=$((peer + 1))
    done
    wait
  } | sort
}

# take_over ADDRESS ORDINAL SLOT: with the votes of a majority; where there is none, since all masters started again, by our word: as long as
# this member waits, nobody else may decide for its slots.
take_over() {
  for how in FORCE TAKEOVER; do
    say "$SET-$2 takes over: $(ask "$1" CLUSTER FAILOVER $how)"
    tries=0
    while [ $tries -lt 6 ]; do
      case $(look_at "$2" "$3") in *' 1') return ;; esac
      tries=$((tries + 1)); pause "for $SET-$2 to take over"
    done
  done
}

discard() {
  say "discarding the data of this member: it copies them from who serves its shard"
  rm -rf "$DATA/appendonlydir" "$DATA/dump.rdb" "$DATA/bytes"
}

# Returns when redis-server may be started.
settle() {
  REDIS_ASK_TIMEOUT=2
  room
  remember
  found=$(condition)
  set -- $(shard)
  me=${1:-} master=${2:-} slot=${3:-} known=${4:-0}
  case $found in
    whole) return ;;
    none) if [ -e "$DATA/loading" ] && why=$(unreadable no); then say "$why: a cache starts without it"; rm -f "$DATA/dump.rdb"; fi ;;
  esac
  # Whoever is no master copies its shard anyway; only what cannot be read has to go first.
  case $found in damaged*) ;; *) [ "$me" = "$master" ] && [ -n "$slot" ] || return 0 ;; esac

  age=$(last_write)
  waited=0
  while :; do
    peers=''; [ -z "$slot" ] || peers=$(survey "$slot")
    # A person has decided (repair.sh).
    if [ -e "$DATA/decided" ]; then
      rm -f "$DATA/decided"
      found=$(condition)
      case $found in damaged*) ;; *) return ;; esac
    fi
    owner=$(echo "$peers" | awk '$7 == 1 { print $1; exit }')
    if [ -n "$owner" ]; then
      say "$SET-$owner serves the shard"
      case $found in damaged*) discard ;; esac
      return
    fi

    # In step when the master went: what it lacks is on no other disk. One that started again, too, has what it had read from its own.
    # Without an append-only file, any data are more than none.
    best=$(echo "$peers" | awk -v me="$me" -v found="$found" -v age="${age:-}" -v waited=$waited '
      $3 == "slave" && $4 == me && (found == "none" ? $6 > 0 : $5 == "-" || age == "" || $5 >= 0 && $5 <= age + waited + 2 || $5 < 0 && $6 > 0 && found != "less") {
        if (best == "" || $6 > keys) { best = $2 " " $1; keys = $6 } }
      END { print best }')
    if [ -n "$best" ] && [ "$me" = "$master" ]; then
      # shellcheck disable=SC2086 # two arguments
      take_over $best "$slot"
      continue
    fi

    answered=$(echo "$peers" | awk -v me="$me" '$4 == me { n++ } END { print n + 0 }')
    case $found in
      less) say "the append-only file is shorter than it was, and no replica is in step"; return ;;
      none)
        # All its replicas are there and empty, or away for long.
        if [ "$answered" -ge "$known" ] || [ $waited -ge "${REDIS_START_PATIENCE:-30}" ]; then return; fi
        why='for the replicas: without an append-only file they alone may have the data' ;;
      lost) why='the append-only file is gone, and no replica is in step: see the runbook RedisShardDown' ;;
      damaged*) why="${found#damaged }; no other member serves the shard or is in step: see the runbook RedisShardDown" ;;
    esac
    pause "$why"
    waited=$((waited + 1))
  done
}
