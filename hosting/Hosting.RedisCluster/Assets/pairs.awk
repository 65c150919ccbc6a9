# Which spare member becomes a replica of which master. In: id ip ordinal flags master link slots node. Out: id master.
# Spare: a master without slots and without replicas, and replicas beyond the wanted number, the highest ordinals first.
# A partner on another node is preferred: pairs on one node are swapped apart where that is possible.
{ node[$1] = $8; ordinal[$1] = $3 == "-" ? 1e6 : $3 + 0 }
$4 ~ /master/ { masters[$1] = $7 }
$4 ~ /slave/  { count[$5]++; of[$1] = $5 }

function before(a, b) { return ordinal[a] < ordinal[b] || (ordinal[a] == ordinal[b] && a < b) }
function insert(list, n, id,   i) {
  for (i = n; i > 0 && before(id, list[i]); i--) list[i + 1] = list[i]
  list[i + 1] = id
  return n + 1
}
function clash(a, m) { return node[a] != "-" && node[a] == node[m] }

END {
  for (id in masters) if (masters[id] == 0 && !count[id]) spare = insert(free, spare + 0, id)
  for (id in of) {
    beyond = 0
    for (other in of) if (of[other] == of[id] && before(other, id)) beyond++
    if (beyond >= wanted) spare = insert(free, spare + 0, id)
  }
  for (id in masters) if (masters[id] > 0) owners = insert(owner, owners + 0, id)
  for (round = 1; round <= wanted; round++)
    for (i = 1; i <= owners; i++) if (count[owner[i]] + 0 < round) open[++places] = owner[i]

  pairs = spare < places ? spare : places
  for (i = 1; i <= pairs; i++) to[i] = open[i]
  for (i = 1; i <= pairs; i++) if (clash(free[i], to[i])) {
    for (j = pairs + 1; j <= places; j++) if (!clash(free[i], open[j])) {
      keep = to[i]; to[i] = open[j]; open[j] = keep; break
    }
    for (j = 1; clash(free[i], to[i]) && j <= pairs; j++)
      if (!clash(free[i], to[j]) && !clash(free[j], to[i])) { keep = to[i]; to[i] = to[j]; to[j] = keep }
  }
  for (i = 1; i <= pairs; i++) print free[i], to[i]
}
