package io.tacit.enrolment;

import io.tacit.protocol.ClientId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of an authority, within one transaction. */
final class CertificateRegister {

  private final Connection connection;

  CertificateRegister(Connection connection) {
    this.connection = connection;
  }

  /**
   * A certificate in the books.
   *
   * @param lineage the first of its chain of renewals
   * @param revoked whether it was revoked or replaced
   */
  record Entry(DeviceCertificate certificate, SerialNumber lineage, boolean revoked) {}

  /** A certificate that was revoked. */
  record Revocation(SerialNumber serial, Instant revokedAt, RevocationReason reason) {}

  // ---- issuing ----

  /** The certificate that this token was used for. */
  Optional<Entry> issuedFor(BootstrapToken token) throws SQLException {
    return first(
        CertificateRegister::entry,
        "select c.* from device_certificate c join used_token t on t.serial = c.serial where t.id ="
            + " ?",
        token.id());
  }

  Optional<Entry> find(SerialNumber serial) throws SQLException {
    return first(
        CertificateRegister::entry,
        "select * from device_certificate where serial = ?",
        serial.hex());
  }

  /** The certificate that this one was renewed by. */
  Optional<Entry> renewalOf(SerialNumber serial) throws SQLException {
    return first(
        CertificateRegister::entry,
        "select * from device_certificate where renews = ?",
        serial.hex());
  }

  /** Whether the device has, or had, a certificate. */
  boolean knows(ClientId device) throws SQLException {
    return first(
            row -> true,
            "select serial from device_certificate where client_id = ? limit 1",
            device.toHex())
        .isPresent();
  }

  /** Whether a certificate of the device was revoked or replaced. */
  boolean hasRevoked(ClientId device) throws SQLException {
    return first(
            row -> true,
            "select serial from device_certificate where client_id = ? and revoked_at is not null"
                + " limit 1",
            device.toHex())
        .isPresent();
  }

  void add(DeviceCertificate certificate, SerialNumber lineage, @Nullable SerialNumber renews)
      throws SQLException {
    update(
        "insert into device_certificate (serial, lineage, client_id, renews, certificate,"
            + " expires_at) values (?, ?, ?, ?, ?, ?)",
        certificate.serial().hex(),
        lineage.hex(),
        certificate.clientId().toHex(),
        renews == null ? null : renews.hex(),
        certificate.toDer(),
        certificate.notAfter());
  }

  void addUsed(BootstrapToken token, SerialNumber serial) throws SQLException {
    update(
        "insert into used_token (id, serial, expires_at) values (?, ?, ?)",
        token.id(),
        serial.hex(),
        token.expiresAt());
  }

  /** Counts one more certificate of the account, unless its limit in the window is reached. */
  boolean tryCount(String account, IssuanceLimit limit, Instant now) throws SQLException {
    Instant window = limit.windowStart(now);
    update(
        "insert into account_issuance (account, window_start, issued) values (?, ?, 0)"
            + " on conflict do nothing",
        account,
        window);
    return update(
            "update account_issuance set issued = issued + 1"
                + " where account = ? and window_start = ? and issued < ?",
            account,
            window,
            limit.certificatesMax())
        == 1;
  }

  // ---- revoking ----

  /** The number of the revocation list. */
  long epoch() throws SQLException {
    return first(row -> row.getLong("epoch"), "select epoch from revocation_epoch where id = 1")
        .orElseThrow();
  }

  /**
   * As {@link #epoch}; whoever else calls this waits until the transaction is over. Without, a
   * chain could be renewed while it is revoked, and the new certificate would stay good.
   */
  long takeTurn() throws SQLException {
    return first(
            row -> row.getLong("epoch"),
            "select epoch from revocation_epoch where id = 1 for update")
        .orElseThrow();
  }

  /** Revokes all certificates of the chain and of the key of this one; how many that are. */
  int revokeDevice(Entry entry, RevocationReason reason, Instant now) throws SQLException {
    return update(
        "update device_certificate set revoked_at = ?, revocation_reason = ?"
            + " where (lineage = ? or client_id = ?) and revoked_at is null",
        now,
        reason.name(),
        entry.lineage().hex(),
        entry.certificate().clientId().toHex());
  }

  /** Revokes the certificates of a key that a device has replaced; how many that are. */
  int supersede(ClientId replaced, Instant now) throws SQLException {
    return update(
        "update device_certificate set revoked_at = ?, revocation_reason = ?"
            + " where client_id = ? and revoked_at is null",
        now,
        RevocationReason.SUPERSEDED.name(),
        replaced.toHex());
  }

  void setEpoch(long epoch) throws SQLException {
    update("update revocation_epoch set epoch = ? where id = 1", epoch);
  }

  /** The certificates that are revoked and end after an instant, by serial number. */
  List<Revocation> revocations(Instant endingAfter) throws SQLException {
    return list(
        row ->
            new Revocation(
                new SerialNumber(row.getString("serial")),
                row.getObject("revoked_at", OffsetDateTime.class).toInstant(),
                RevocationReason.valueOf(row.getString("revocation_reason"))),
        "select serial, revoked_at, revocation_reason from device_certificate"
            + " where revoked_at is not null and expires_at > ? order by serial",
        endingAfter);
  }

  // ---- forgetting ----

  /**
   * Deletes tokens that ended, windows that began, and unrevoked certificates that ended before.
   */
  int deleteBefore(Instant tokens, Instant windows, Instant certificates) throws SQLException {
    return update("delete from used_token where expires_at < ?", tokens)
        + update("delete from account_issuance where window_start < ?", windows)
        + update(
            "delete from device_certificate where expires_at < ? and revoked_at is null",
            certificates);
  }

  // ---- JDBC ----

  @FunctionalInterface
  private interface RowReader<T> {

    T read(ResultSet row) throws SQLException;
  }

  private static Entry entry(ResultSet row) throws SQLException {
    byte[] der = row.getBytes("certificate");
    return new Entry(
        DeviceCertificate.read(der)
            .orElseThrow(() -> new SQLException("a certificate in the register is damaged")),
        new SerialNumber(row.getString("lineage")),
        row.getObject("revoked_at") != null);
  }

  private int update(String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  private <T> Optional<T> first(RowReader<T> reader, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
    }
  }

  private <T> List<T> list(RowReader<T> reader, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<T> read = new ArrayList<>();
      while (rows.next()) {
        read.add(reader.read(rows));
      }
      return read;
    }
  }

  private PreparedStatement prepare(String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      Object value = parameters[i];
      statement.setObject(
          i + 1, value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
    }
    return statement;
  }
}
