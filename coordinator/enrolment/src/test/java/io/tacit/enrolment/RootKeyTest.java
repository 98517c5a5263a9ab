package io.tacit.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ContentHash;
import io.tacit.testing.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootKeyTest {

  @TempDir Path directory;

  private final SettableClock clock = SettableClock.create();
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("root.pem");
  }

  @Test
  void is_the_same_after_reopening() {
    RootKey made = create();

    RootKey opened = RootKey.open(file);

    assertThat(opened.certificate().toDer()).isEqualTo(made.certificate().toDer());
    assertThat(opened.keys().seed()).isEqualTo(made.keys().seed());
  }

  @Test
  void leaves_one_file_that_only_its_owner_can_read() throws IOException {
    create();

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void is_never_written_over() throws IOException {
    create();
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(this::create)
        .isInstanceOf(KeyFileException.class)
        .hasMessage(
            "key file "
                + file
                + " is there already and is never written over; move it away to start a new"
                + " authority, whose root all apps must then pin");
    assertThat(file).hasBinaryContent(before);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void needs_a_directory_to_be_made_in() {
    Path elsewhere = directory.resolve("missing/root.pem");

    assertThatThrownBy(() -> RootKey.create(elsewhere, "test", new SecureRandom(), clock))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("cannot make " + elsewhere)
        .hasMessageContaining("choose a directory that is writable");
  }

  @Test
  void refuses_a_file_that_others_can_read() throws IOException {
    create();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> RootKey.open(file))
        .isInstanceOf(KeyFileException.class)
        .hasMessage(
            "key file "
                + file
                + " has permissions rw-r-----, must have at most rw-------; say chmod 600, and"
                + " consider who has read it");
  }

  @Test
  void names_a_file_that_is_missing() {
    assertThatThrownBy(() -> RootKey.open(file))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("cannot read the root key " + file);
  }

  @Test
  void names_a_file_that_is_damaged_and_never_its_content() throws IOException {
    create();
    List<String> lines = Files.readAllLines(file);
    String key = lines.get(1);

    for (int cut = 0; cut < lines.size(); cut++) {
      Files.write(file, lines.subList(0, cut));
      assertThatThrownBy(() -> RootKey.open(file))
          .isInstanceOf(KeyFileException.class)
          .hasMessageContaining("root key file " + file)
          .hasMessageEndingWith("; restore it from its copy")
          .satisfies(e -> assertThat(e.toString()).doesNotContain(key));
    }
  }

  @Test
  void refuses_the_certificate_of_another_key() throws IOException {
    RootKey other = RootKey.generate("test", new SecureRandom(), clock);
    create();
    String own = Files.readString(file);
    Files.writeString(
        file, own.substring(0, own.indexOf("-----BEGIN CERT")) + other.certificate().toPem());

    assertThatThrownBy(() -> RootKey.open(file))
        .hasMessage(
            "root key file "
                + file
                + " has the certificate of another key; restore it from its copy");
  }

  /** RFC 8410, section 10.3. */
  @Test
  void writes_and_reads_keys_as_rfc_8410_does() {
    byte[] seed =
        HexFormat.of().parseHex("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842");
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
            + "-----END PRIVATE KEY-----\n";

    Pem.Block block = Pem.read(pem).orElseThrow().get(0);

    assertThat(PrivateKeyInfo.getInstance(block.bytes()).getPrivateKey().getOctets())
        .endsWith(seed);
    assertThat(Pem.write(Pem.PRIVATE_KEY, block.bytes())).isEqualTo(pem);
  }

  @Test
  void is_a_root_in_the_eyes_of_the_jdk() throws Exception {
    RootKey root = create();

    X509Certificate read =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(root.certificate().toDer()));

    read.verify(read.getPublicKey());
    read.checkValidity(java.util.Date.from(clock.instant()));
    assertThat(read.getBasicConstraints()).isZero();
    assertThat(read.getKeyUsage())
        .containsExactly(false, false, false, false, false, true, true, false, false);
    assertThat(read.getSubjectX500Principal().getName())
        .isEqualTo("CN=test,O=Tacit enrolment authority");
    assertThat(root.certificate().fingerprint()).isEqualTo(ContentHash.of(read.getEncoded()));
  }

  @Test
  void prints_no_key() {
    RootKey root = create();

    assertThat(root.toString()).isEqualTo("RootKey[" + root.certificate().fingerprint() + "]");
    assertThat(Pem.read(Pem.write(Pem.PRIVATE_KEY, root.keys().seed())).orElseThrow().toString())
        .isEqualTo("[Block[PRIVATE KEY, 32 bytes]]");
  }

  @Test
  void refuses_a_certificate_that_was_altered() {
    byte[] der = create().certificate().toDer();
    byte[] altered = der.clone();
    altered[der.length - 1] ^= 1;

    assertThat(RootCertificate.read(altered)).isEmpty();
    assertThat(RootCertificate.read(Arrays.copyOf(der, der.length - 1))).isEmpty();
  }

  private RootKey create() {
    return RootKey.create(file, "test", new SecureRandom(), clock);
  }
}
