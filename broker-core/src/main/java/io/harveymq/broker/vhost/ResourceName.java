package io.harveymq.broker.vhost;

/** How RabbitMQ names a queue or an exchange in reply texts and logs. Stateless; any thread. */
public final class ResourceName {
  private ResourceName() {}

  /** For example {@code queue 'q' in vhost '/'}. */
  public static String queue(String vhost, String name) {
    return text("queue", vhost, name);
  }

  /** For example {@code exchange 'x' in vhost '/'}. */
  public static String exchange(String vhost, String name) {
    return text("exchange", vhost, name);
  }

  private static String text(String kind, String vhost, String name) {
    return kind + " '" + name + "' in vhost '" + vhost + "'";
  }

  /** A name as RabbitMQ takes it for declaring, binding and deleting: without line ends. */
  public static String stripped(String name) {
    return name.indexOf('\n') < 0 && name.indexOf('\r') < 0
        ? name
        : name.replace("\n", "").replace("\r", "");
  }
}
