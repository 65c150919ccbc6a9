using System.Collections.Concurrent;
using System.Reflection;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Model;

/// <summary>
/// Records to YAML nodes. Fields come in the order in which the record states them, nulls and empty collections are left out.
/// How a type is read is worked out once; after that a property costs a delegate call.
/// </summary>
internal static class ModelSerializer
{
    private static readonly ConcurrentDictionary<Type, Field[]> s_plans = new();

    private delegate object? Getter(object record);

    public static YamlMap ToMap(object record)
    {
        var map = new YamlMap();
        foreach (var field in s_plans.GetOrAdd(record.GetType(), Plan))
        {
            if (field.Get(record) is { } value && ToNode(value, field.KeepEmpty) is { } node)
            {
                map.Add(field.Name, node);
            }
        }

        return map;
    }

    private static YamlNode? ToNode(object value, bool keepEmpty) => value switch
    {
        string text => text.Length > 0 || keepEmpty ? new YamlScalar(text) : null,
        bool flag => flag ? YamlScalar.True : YamlScalar.False,
        int number => YamlScalar.Of(number),
        long number => YamlScalar.Of(number),
        IntOrString either => either.Text is { } text ? new YamlScalar(text) : YamlScalar.Of(either.Number),
        YamlNode node => node,
        IReadOnlyDictionary<string, string> map => map.Count == 0 && !keepEmpty ? null : YamlMap.Of(map),
        System.Collections.IEnumerable list => List(list, keepEmpty),
        _ => ToMap(value) is { } map && (map.Count > 0 || keepEmpty) ? map : null,
    };

    private static YamlList? List(System.Collections.IEnumerable values, bool keepEmpty)
    {
        var list = new YamlList();
        foreach (var value in values)
        {
            list.Add(ToNode(value, keepEmpty: true)!);
        }

        return list.Count == 0 && !keepEmpty ? null : list;
    }

    private static Field[] Plan(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.Name != "EqualityContract")
            .OrderBy(p => p.GetCustomAttribute<ModelNameAttribute>()?.Name switch
            {
                "apiVersion" => 0,
                "kind" => 1,
                "metadata" => 2,
                _ => p.Name == "Metadata" ? 2 : 3
            })
            .DistinctBy(Name);
        return [.. properties.Select(
            p => new Field(Name(p), p.GetCustomAttribute<KeepEmptyAttribute>() is not null, Compile(p)))];
    }

    /// <summary>The field that a property is written as.</summary>
    internal static string Name(PropertyInfo property) =>
        property.GetCustomAttribute<ModelNameAttribute>()?.Name
        ?? char.ToLowerInvariant(property.Name[0]) + property.Name[1..];

    private static Getter Compile(PropertyInfo property)
    {
        var record = System.Linq.Expressions.Expression.Parameter(typeof(object));
        var get = System.Linq.Expressions.Expression.Property(
            System.Linq.Expressions.Expression.Convert(record, property.DeclaringType!), property);
        return System.Linq.Expressions.Expression.Lambda<Getter>(
            System.Linq.Expressions.Expression.Convert(get, typeof(object)), record).Compile();
    }

    private sealed record Field(string Name, bool KeepEmpty, Getter Get);
}

/// <summary>The name of a field in YAML where it is not the property's name with a small first letter.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ModelNameAttribute(string name) : Attribute
{
    /// <summary>The field's name.</summary>
    public string Name { get; } = name;
}

/// <summary>The field is written even when empty: <c>emptyDir: {}</c>, <c>ingress: []</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeepEmptyAttribute : Attribute;
