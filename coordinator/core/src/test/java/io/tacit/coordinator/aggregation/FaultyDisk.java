package io.tacit.coordinator.aggregation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** A disk that can be full, and whose fsync can fail. */
final class FaultyDisk implements FileLayer {

  /** Bytes that can still be written; a write that needs more is done in part, then fails. */
  volatile long freeBytes = Long.MAX_VALUE;

  /** How many of the next calls of force fail. */
  volatile int failingForces;

  /** Whether cutting a file fails. */
  volatile boolean failingTruncates;

  @Override
  public FileChannel open(Path file, OpenOption... options) throws IOException {
    return new Faulty(FileChannel.open(file, options));
  }

  private final class Faulty extends FileChannel {

    private final FileChannel file;

    Faulty(FileChannel file) {
      this.file = file;
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      if (from.remaining() <= freeBytes) {
        freeBytes -= from.remaining();
        return file.write(from, position);
      }
      int fits = (int) freeBytes;
      if (fits == 0) {
        throw new IOException("No space left on device");
      }
      freeBytes = 0;
      ByteBuffer part = from.duplicate().limit(from.position() + fits);
      file.write(part, position);
      from.position(from.position() + fits);
      return fits;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      int count = write(from, file.position());
      file.position(file.position() + count);
      return count;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      if (failingForces > 0) {
        failingForces--;
        throw new IOException("Input/output error");
      }
      file.force(metaData);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      if (failingTruncates) {
        throw new IOException("Read-only file system");
      }
      file.truncate(size);
      return this;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return file.read(into);
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
      return file.read(into, offset, length);
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
      throw new UnsupportedOperationException("the spool writes single buffers");
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      return file.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count)
        throws IOException {
      throw new UnsupportedOperationException("the spool copies with transferTo");
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException("the spool maps nothing");
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException("the lock file is not part of the layer");
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException("the lock file is not part of the layer");
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
