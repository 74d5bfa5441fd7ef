package io.harveymq.management.node;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * What the collections of garbage have freed, since somebody asked for the first time: the JVM
 * tells only of each collection when it ends. One for the process; any thread.
 */
final class Reclaimed {
  private static final AtomicLong BYTES = new AtomicLong();

  static {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener((news, ignored) -> collected(news), null, null);
      }
    }
  }

  private Reclaimed() {}

  /** Bytes so far. */
  static long bytes() {
    return BYTES.get();
  }

  private static void collected(Notification news) {
    if (news.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      CompositeData data = (CompositeData) news.getUserData();
      GcInfo collection = GarbageCollectionNotificationInfo.from(data).getGcInfo();
      long freed = used(collection.getMemoryUsageBeforeGc());
      freed -= used(collection.getMemoryUsageAfterGc());
      BYTES.addAndGet(Math.max(0, freed));
    }
  }

  private static long used(Map<String, MemoryUsage> pools) {
    return pools.values().stream().mapToLong(MemoryUsage::getUsed).sum();
  }
}
