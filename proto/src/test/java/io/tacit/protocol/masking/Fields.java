package io.tacit.protocol.masking;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/** Arrays that an object holds, by reflection: to look whether they were erased. */
final class Fields {

  private Fields() {}

  /** Arrays of numbers in fields of the object, and in those of its own packages below it. */
  static List<Object> secretsOf(Object holder) throws IllegalAccessException {
    List<Object> arrays = new ArrayList<>();
    for (Field field : holder.getClass().getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        continue;
      }
      field.setAccessible(true);
      Object value = field.get(holder);
      if (value == null
          || field.getName().startsWith("public")
          || field.getName().equals("zeros")) {
        continue;
      }
      String type = value.getClass().getName();
      if (value.getClass().isArray() && value.getClass().getComponentType().isPrimitive()) {
        arrays.add(value);
      } else if (type.startsWith("io.tacit.protocol.")
          || type.endsWith("MLKEMPrivateKeyParameters")) {
        arrays.addAll(secretsOf(value));
      }
    }
    return arrays;
  }

  static boolean isZero(Object array) {
    for (int i = 0; i < Array.getLength(array); i++) {
      if (((Number) Array.get(array, i)).longValue() != 0) {
        return false;
      }
    }
    return true;
  }
}
