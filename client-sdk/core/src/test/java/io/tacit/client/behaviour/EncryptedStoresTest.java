package io.tacit.client.behaviour;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** What holds for stores holds for encrypted ones too. */
class EncryptedStoresTest {

  @BeforeAll
  static void encrypt() {
    Stores.encrypted = true;
  }

  @AfterAll
  static void doNotEncrypt() {
    Stores.encrypted = false;
  }

  @Nested
  class Files extends FileBehaviourStoreTest {}

  @Nested
  class Retentions extends RetentionTest {}

  @Nested
  class Damage extends SegmentDamageTest {}

  @Nested
  class Processes extends StoreProcessTest {}

  @Nested
  class Erasures extends ErasureTest {}

  @Nested
  class FullDisks extends FullDiskTest {}
}
