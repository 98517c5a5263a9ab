package io.tacit.coordinator.service;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** What Tacit writes to the log, from now until this is closed. */
public final class LogLines extends Handler implements AutoCloseable {

  private static final Logger TACIT = Logger.getLogger("io.tacit");

  private final List<String> lines = new CopyOnWriteArrayList<>();

  private LogLines() {}

  /** Begins to listen. */
  public static LogLines capture() {
    LogLines lines = new LogLines();
    TACIT.addHandler(lines);
    return lines;
  }

  /** The messages so far. */
  public List<String> written() {
    return lines;
  }

  @Override
  public void publish(LogRecord record) {
    lines.add(
        record instanceof ExtLogRecord extended
            ? extended.getFormattedMessage()
            : record.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    TACIT.removeHandler(this);
  }
}
