package io.tacit.coordinator.sessions;

import io.tacit.protocol.masking.MemberSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes the masks from the sum of a session: rebuilds the secrets of its members from the shares
 * that survivors revealed, then generates each mask once more and takes it away.
 *
 * <p>Guarantee: the sum that it leaves is that of the updates, exactly; rebuilt secrets are in
 * memory only and are erased. Needs the sum, a tile for each thread and 33 bytes for each mask. For
 * one thread at a time; the work is spread over all cores.
 */
final class Unmasker {

  private final MaskPool pool;

  Unmasker(MaskPool pool) {
    this.pool = pool;
  }

  /**
   * Unmasks.
   *
   * @param lanes the masked sum, as long as an update; changed in place
   * @return who revealed shares that do not fit, in ascending order
   * @throws BadShareException if the shares do not give the secrets; the sum is then of no use
   */
  Set<Integer> unmask(MaskEvidence evidence, int[] lanes) {
    MaskRebuilder rebuilder = new MaskRebuilder(evidence);
    int[] survivors = evidence.u3().toArray();
    int[] dropped = evidence.dropped().toArray();
    List<MaskKey> masks = Collections.synchronizedList(new ArrayList<>());
    Set<Integer> liars = Collections.synchronizedSet(new TreeSet<>());
    try {
      // Those who dropped out first: each costs as much as many survivors.
      pool.forEach(
          dropped.length + survivors.length,
          () ->
              piece ->
                  keep(
                      piece < dropped.length
                          ? rebuilder.dropped(dropped[piece])
                          : rebuilder.survivor(survivors[piece - dropped.length]),
                      masks,
                      liars));
      clear(List.copyOf(masks), lanes);
      return liars;
    } finally {
      masks.forEach(MaskKey::erase);
    }
  }

  private static void keep(MaskRebuilder.Rebuilt rebuilt, List<MaskKey> masks, Set<Integer> liars) {
    masks.addAll(rebuilt.keys());
    MemberSet named = rebuilt.liars();
    named.forEach(liars::add);
  }

  private void clear(List<MaskKey> masks, int[] lanes) {
    List<MaskRemoval> removals = Collections.synchronizedList(new ArrayList<>());
    try {
      pool.forEach(
          MaskRemoval.tiles(lanes.length),
          () -> {
            MaskRemoval removal = new MaskRemoval();
            removals.add(removal);
            return tile -> removal.clear(tile, masks, lanes);
          });
    } finally {
      removals.forEach(MaskRemoval::erase);
    }
  }
}
