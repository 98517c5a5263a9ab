package io.tacit.client.secagg;

import static io.tacit.client.secagg.AdversarialCoordinator.heldBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.secagg.AdversarialCoordinator.Device;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.masking.KeySchedule;
import io.tacit.protocol.masking.MaskKeys;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.masking.ShamirSharing;
import io.tacit.protocol.session.SignatureSet;
import io.tacit.protocol.session.Survivors;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A coordinator with members in its hands does the best that it can to find both secrets of an
 * honest one, and so its update: it shows some of the honest that the victim survived, and the
 * others that it did not; its own members sign both, and give it all that they hold.
 */
class LeakSimulatorTest {

  private static final int VICTIM = 1;

  @ParameterizedTest
  @ValueSource(ints = {10, 11, 13})
  void as_many_colluders_as_are_tolerated_unmask_nobody(int devices) {
    assertThat(leaks(devices, SessionTranscript.colludersTolerated(devices))).isFalse();
  }

  /** The test of the test. */
  @ParameterizedTest
  @ValueSource(ints = {10, 11, 13})
  void one_more_unmasks(int devices) {
    assertThat(leaks(devices, SessionTranscript.colludersTolerated(devices) + 1)).isTrue();
  }

  /** Whether there is a victim and a way to split the honest that gives it away. */
  private static boolean leaks(int size, int colluders) {
    for (int believing = 1; believing <= size - colluders; believing++) {
      if (new Attack(size, colluders).leaksTo(believing)) {
        return true;
      }
    }
    return false;
  }

  /** One session, in which the honest are split in one way. */
  private static final class Attack {

    private final int size;
    private final int colluders;
    private final AdversarialCoordinator session;

    Attack(int size, int colluders) {
      this.size = size;
      this.colluders = colluders;
      this.session = new AdversarialCoordinator(Suite.CLASSIC, size);
    }

    /**
     * @param believing how many of the honest are told that the victim survived, itself included
     */
    private boolean leaksTo(int believing) {
      session.masked();
      MemberSet all = session.all();
      MemberSet without = session.allBut(VICTIM);
      int honest = size - colluders;
      Map<Integer, byte[]> selfShares = new TreeMap<>();
      Map<Integer, byte[]> maskShares = new TreeMap<>();
      for (int index = 1; index <= size; index++) {
        Device device = session.device(index);
        byte[] ofSelf = heldBy(device, "selfShares")[VICTIM];
        byte[] ofMask = heldBy(device, "maskShares")[VICTIM];
        if (index > honest) {
          selfShares.put(index, ofSelf);
          maskShares.put(index, ofMask);
        } else if (index <= believing) {
          if (reveals(device, all, 1, believing, honest)) {
            selfShares.put(index, ofSelf);
          }
        } else if (reveals(device, without, believing + 1, honest, honest)) {
          maskShares.put(index, ofMask);
        }
      }
      return isFound(selfShares, maskShares);
    }

    /** Shows a device these survivors, signed by those who were shown the same and by colluders. */
    private boolean reveals(Device device, MemberSet u3, int from, int to, int honest) {
      MemberSet u2 = session.all();
      if (!(device.survivors(new Survivors(u2, u3)) instanceof Step.Send)) {
        return false;
      }
      int[] signers = new int[to - from + 1 + colluders];
      int count = 0;
      for (int index = 1; index <= size; index++) {
        if (index > honest || (index >= from && index <= to)) {
          signers[count++] = index;
        }
      }
      SignatureSet signatures =
          session.signedBy(MemberSet.of(size, signers), session.digest(u2, u3));
      return device.signatures(signatures) instanceof Step.Send;
    }

    /** Whether both M and b come out of as many of these shares as it takes. */
    private boolean isFound(Map<Integer, byte[]> selfShares, Map<Integer, byte[]> maskShares) {
      int threshold = session.threshold();
      if (selfShares.size() < threshold || maskShares.size() < threshold) {
        return false;
      }
      byte[] ctx1 = session.ctx1();
      byte[] self = combined(selfShares, threshold);
      assertThat(new KeySchedule(Suite.CLASSIC, ctx1).selfCommitment(VICTIM, self))
          .isEqualTo(session.sharesOf(VICTIM).selfCommitment());
      byte[] mask = combined(maskShares, threshold);
      assertThat(
              MaskKeys.derive(Suite.CLASSIC, session.terms.context(), mask).publicKey().toBytes())
          .isEqualTo(advertisedMaskKey());
      return true;
    }

    private byte[] advertisedMaskKey() {
      return session
          .device(VICTIM)
          .session
          .advertisement()
          .open(Suite.CLASSIC, session.terms.context(), new IdentityKeyCache(1))
          .orElseThrow()
          .maskKey()
          .toBytes();
    }

    private static byte[] combined(Map<Integer, byte[]> shares, int threshold) {
      int[] members =
          shares.keySet().stream().limit(threshold).mapToInt(Integer::intValue).toArray();
      byte[][] values = shares.values().stream().limit(threshold).toArray(byte[][]::new);
      return ShamirSharing.combine(members, values);
    }
  }
}
