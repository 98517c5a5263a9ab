package io.tacit.client.secagg;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.IdentityHashMap;
import java.util.Map;

/** Looks into objects, for what they are not to give away. */
final class Reflection {

  private Reflection() {}

  static Object field(Object of, String name) {
    try {
      Field field = of.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * All arrays of numbers that can be reached from an object through fields of this project's and
   * Bouncy Castle's classes, with where they were found.
   */
  static Map<Object, String> arrays(Object root) {
    Map<Object, String> found = new IdentityHashMap<>();
    walk(root, root.getClass().getSimpleName(), found, new IdentityHashMap<>());
    return found;
  }

  private static void walk(
      Object object, String path, Map<Object, String> found, Map<Object, Boolean> seen) {
    if (object == null || seen.put(object, true) != null) {
      return;
    }
    Class<?> type = object.getClass();
    if (type.isArray()) {
      if (type.getComponentType().isPrimitive()) {
        found.put(object, path);
      } else {
        for (int i = 0; i < Array.getLength(object); i++) {
          walk(Array.get(object, i), path + "[]", found, seen);
        }
      }
      return;
    }
    for (Class<?> c = type; c != null && isWalked(c); c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          walk(value(field, object), path + "." + field.getName(), found, seen);
        }
      }
    }
  }

  private static boolean isWalked(Class<?> type) {
    return type.getName().startsWith("io.tacit.") || type.getName().startsWith("org.bouncycastle.");
  }

  private static Object value(Field field, Object of) {
    try {
      field.setAccessible(true);
      return field.get(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
