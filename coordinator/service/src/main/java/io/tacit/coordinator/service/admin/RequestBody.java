package io.tacit.coordinator.service.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bodies of requests, read no further than they may be long. */
final class RequestBody {

  private RequestBody() {}

  /** All bytes; a problem 413 if there are more than {@code bytesMax}. */
  static byte[] read(InputStream body, String what, int bytesMax) {
    try {
      byte[] bytes = body.readNBytes(bytesMax + 1);
      if (bytes.length > bytesMax) {
        throw ProblemException.tooLarge(what, bytesMax);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("the body of the request broke off", e);
    }
  }

  /** The text of UTF-8 bytes; a problem 422 if they are none. */
  static String utf8(byte[] bytes, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw ProblemException.unprocessable(what + " is not UTF-8; save it as UTF-8");
    }
  }
}
