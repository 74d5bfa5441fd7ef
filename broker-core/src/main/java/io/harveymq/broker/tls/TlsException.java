package io.harveymq.broker.tls;

/** TLS can't be offered as it was asked for; the message says why and what to do. Any thread. */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String option;

  TlsException(String option, String message) {
    this(option, message, null);
  }

  TlsException(String option, String message, Throwable cause) {
    super(message, cause);
    this.option = option;
  }

  /** RabbitMQ's name of what is wrong, such as {@code certfile} of {@code ssl_options.certfile}. */
  public String option() {
    return option;
  }
}
