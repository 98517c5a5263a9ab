package io.tacit.protocol.masking;

import static io.tacit.protocol.masking.KnownAnswers.sha;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.AgreementKeyPair;
import io.tacit.protocol.crypto.Encapsulation;
import io.tacit.protocol.crypto.KeyDerivation;
import io.tacit.protocol.crypto.ShareCipher;
import io.tacit.protocol.crypto.Transcript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three members, of which the third drops out after it has shared. */
class KnownAnswersTest {

  private static final int MEMBERS = 3;
  private static final int[][] UPDATES = {{1, 2, 3, 4}, {10, 20, 30, 40}, {-1, -2, -3, -4}};

  private final MaskStream stream = new MaskStream();

  @ParameterizedTest
  @EnumSource(names = {"CLASSIC", "HYBRID"})
  void contexts(Suite suite) {
    Session session = new Session(suite);

    assertThat(session.ctx0).isEqualTo(session.known.bytes("ctx0"));
    assertThat(session.ctx1).isEqualTo(session.known.bytes("ctx1"));
  }

  @ParameterizedTest
  @EnumSource(names = {"CLASSIC", "HYBRID"})
  void keys_of_members(Suite suite) {
    Session session = new Session(suite);
    for (int u = 1; u <= MEMBERS; u++) {
      byte[] prk = KeyDerivation.extract(session.ctx0, sha("M" + u));
      byte[] publicKey = session.keys(u).publicKey().toBytes();

      assertThat(KeyDerivation.expand(prk, Transcript.info("s-x25519"), 32))
          .isEqualTo(session.known.bytes("s_x25519_sk[" + u + "]"));
      assertThat(Arrays.copyOf(publicKey, 32))
          .isEqualTo(session.known.bytes("s_x25519_pk[" + u + "]"));
      if (suite == Suite.HYBRID) {
        assertThat(KeyDerivation.expand(prk, Transcript.info("s-mlkem768"), 64))
            .isEqualTo(session.known.bytes("s_mlkem_seed[" + u + "]"));
        assertThat(digest(Arrays.copyOfRange(publicKey, 32, publicKey.length)) + " len 1184")
            .isEqualTo(session.known.text("sha256(s_mlkem_ek[" + u + "])"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CLASSIC", "HYBRID"})
  void masks_of_pairs_from_either_side(Suite suite) {
    Session session = new Session(suite);
    for (int i = 1; i <= MEMBERS; i++) {
      for (int j = i + 1; j <= MEMBERS; j++) {
        String pair = "[" + i + "," + j + "]";
        PairMask lower = session.lower(i, j);

        assertThat(lower.key()).isEqualTo(session.known.bytes("pair_mask_key" + pair));
        assertThat(session.upper(i, j).key()).isEqualTo(lower.key());
        assertThat(streamOf(lower.key(), 8)).isEqualTo(session.known.text("pair_stream32" + pair));
        assertThat(session.keys(i).keyPair().agree(session.keys(j).publicKey()))
            .isEqualTo(session.known.bytes("ss_x25519" + pair));
        if (suite == Suite.HYBRID) {
          assertEncapsulation(session, i, j, lower.ciphertext());
        } else {
          assertThat(lower.ciphertext()).isEmpty();
        }
      }
    }
  }

  private static void assertEncapsulation(Session session, int i, int j, byte[] ciphertext) {
    String direction = "[" + i + "->" + j + "]";
    Encapsulation made = session.keys(i).encapsulate(j, session.keys(j).publicKey(), session.ctx1);

    assertThat(session.keys(i).coinsToward(j, session.ctx1))
        .isEqualTo(session.known.bytes("m" + direction));
    assertThat(digest(ciphertext) + " len 1088")
        .isEqualTo(session.known.text("sha256(ct" + direction + ")"));
    assertThat(made.ciphertext()).isEqualTo(ciphertext);
    assertThat(made.secret()).isEqualTo(session.known.bytes("ss_mlkem[" + i + "," + j + "]"));
    assertThat(session.keys(j).keyPair().decapsulate(ciphertext)).isEqualTo(made.secret());
  }

  @ParameterizedTest
  @EnumSource(names = {"CLASSIC", "HYBRID"})
  void masked_updates_and_the_sum_of_the_survivors(Suite suite) {
    Session session = new Session(suite);
    int[] sum = new int[4];
    for (int u = 1; u <= MEMBERS; u++) {
      byte[] selfKey = session.schedule.selfMaskKey(u, sha("b" + u));
      int[] masked = session.masked(u);

      assertThat(selfKey).isEqualTo(session.known.bytes("self_mask_key[" + u + "]"));
      assertThat(hex(masked)).isEqualTo(session.known.text("y[" + u + "] (u32 hex)"));
      if (u < 3) {
        for (int lane = 0; lane < 4; lane++) {
          sum[lane] += masked[lane];
        }
        stream.subtract(selfKey, sum);
        // Member 3 is the upper one of its pairs, found from its M: what u added is taken away.
        stream.subtract(session.upper(u, 3).key(), sum);
      }
    }

    assertThat(Arrays.toString(sum)).isEqualTo(session.known.text("U3={1,2} sum"));
  }

  @ParameterizedTest
  @EnumSource(names = "CLASSIC")
  void shares_and_their_sealing(Suite suite) {
    Session session = new Session(suite);
    long[][] polynomial = {
      ShamirSharing.words(session.known.bytes("shamir secret"), 0),
      ShamirSharing.words(sha("a1"), 0),
      ShamirSharing.words(sha("a2"), 0)
    };
    byte[][] shares = new byte[5][];
    for (int v = 1; v <= 5; v++) {
      shares[v - 1] = ShamirSharing.valueAt(polynomial, v);
      assertThat(shares[v - 1]).isEqualTo(session.known.bytes("share[" + v + "]"));
    }
    assertThat(
            ShamirSharing.combine(
                new int[] {2, 4, 5}, new byte[][] {shares[1], shares[3], shares[4]}))
        .isEqualTo(session.known.bytes("rec{2,4,5}"));

    SessionKeyPair one = channelKeys("c1");
    SessionKeyPair two = channelKeys("c2");
    byte[] key =
        session.schedule.shareKey(1, 2, new byte[0], one.agree(two.publicKey()), new byte[0]);
    assertThat(key).isEqualTo(session.known.bytes("share_key[1->2]"));
    byte[] sealed =
        ShareCipher.seal(
            key, session.known.bytes("share_pt"), session.schedule.shareData(1, 2, new byte[0]));
    assertThat(sealed).isEqualTo(session.known.bytes("share_ct"));
    PeerShares opened =
        session
            .schedule
            .shareChannel(2, two, 1, one.publicKey())
            .open(new SealedShares(new byte[0], sealed), new byte[0])
            .orElseThrow();
    assertThat(opened.maskShare()).isEqualTo(shares[1]);
    assertThat(opened.selfShare()).isEqualTo(sha("bshare"));
  }

  private static SessionKeyPair channelKeys(String seed) {
    return new SessionKeyPair(Suite.CLASSIC, AgreementKeyPair.fromSeed(sha(seed)), null);
  }

  private String streamOf(byte[] key, int lanes) {
    int[] mask = new int[lanes];
    stream.add(key, mask);
    StringBuilder littleEndian = new StringBuilder();
    for (int lane : mask) {
      littleEndian.append(HexFormat.of().toHexDigits(Integer.reverseBytes(lane)));
    }
    return littleEndian.toString();
  }

  private static String hex(int[] lanes) {
    StringBuilder text = new StringBuilder();
    for (int lane : lanes) {
      text.append(HexFormat.of().toHexDigits(lane)).append(' ');
    }
    return text.toString().trim();
  }

  private static String digest(byte[] bytes) {
    return ContentHash.of(bytes).toHex();
  }

  /** The session of the known answers. */
  private final class Session {

    private final Suite suite;
    private final KnownAnswers known;
    private final byte[] ctx0;
    private final byte[] ctx1;
    private final KeySchedule schedule;

    Session(Suite suite) {
      this.suite = suite;
      this.known = KnownAnswers.of(suite);
      this.ctx0 =
          Transcript.sessionContext(
              suite.number(),
              SessionId.fromHex("000102030405060708090a0b0c0d0e0f"),
              ContentHash.fromDigest(sha("task")),
              ContentHash.fromDigest(sha("model")),
              7);
      List<byte[]> entries = new ArrayList<>();
      for (int u = 1; u <= MEMBERS; u++) {
        entries.add(SessionTranscript.entry(u, keys(u).publicKey().toBytes(), new byte[0]));
      }
      this.ctx1 = SessionTranscript.roster(ctx0, entries);
      this.schedule = new KeySchedule(suite, ctx1);
    }

    MaskKeys keys(int member) {
      return MaskKeys.derive(suite, ctx0, sha("M" + member));
    }

    PairMask lower(int i, int j) {
      return schedule.pairMaskOfLower(i, keys(i), j, keys(j).publicKey());
    }

    PairMask upper(int i, int j) {
      return schedule.pairMaskOfUpper(j, keys(j), i, keys(i).publicKey(), lower(i, j).ciphertext());
    }

    int[] masked(int member) {
      int[] lanes = UPDATES[member - 1].clone();
      stream.add(schedule.selfMaskKey(member, sha("b" + member)), lanes);
      for (int peer = 1; peer <= MEMBERS; peer++) {
        if (peer != member) {
          PairMask pair = member < peer ? lower(member, peer) : upper(peer, member);
          pair.mask(member, stream, lanes);
        }
      }
      return lanes;
    }
  }
}
