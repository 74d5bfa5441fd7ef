package io.harveymq.broker.vhost;

import java.util.List;
import java.util.Objects;

/**
 * What is said about a virtual host. Immutable; any thread.
 *
 * @param description for people; may be empty
 * @param tags for people and tools
 * @param defaultQueueType what a queue is that is declared without x-queue-type, where that type
 *     can be durable, exclusive and auto-delete as declared; null for classic
 * @param protectedFromDeletion whether it can't be deleted before this is taken back
 */
public record VirtualHostDefinition(
    String name,
    String description,
    List<String> tags,
    String defaultQueueType,
    boolean protectedFromDeletion,
    VhostLimits limits) {
  /** Only the default queue type may be null. */
  public VirtualHostDefinition {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(limits, "limits");
    tags = List.copyOf(tags);
  }

  /** A virtual host about which nothing is said. */
  public static VirtualHostDefinition of(String name) {
    return new VirtualHostDefinition(name, "", List.of(), null, false, VhostLimits.NONE);
  }

  public VirtualHostDefinition withDescription(String newDescription) {
    return new VirtualHostDefinition(
        name, newDescription, tags, defaultQueueType, protectedFromDeletion, limits);
  }

  public VirtualHostDefinition withTags(List<String> newTags) {
    return new VirtualHostDefinition(
        name, description, newTags, defaultQueueType, protectedFromDeletion, limits);
  }

  /** May be null. */
  public VirtualHostDefinition withDefaultQueueType(String newType) {
    return new VirtualHostDefinition(
        name, description, tags, newType, protectedFromDeletion, limits);
  }

  public VirtualHostDefinition withLimits(VhostLimits newLimits) {
    return new VirtualHostDefinition(
        name, description, tags, defaultQueueType, protectedFromDeletion, newLimits);
  }

  public VirtualHostDefinition withProtectedFromDeletion(boolean isProtected) {
    return new VirtualHostDefinition(
        name, description, tags, defaultQueueType, isProtected, limits);
  }
}
