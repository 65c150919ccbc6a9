namespace MonoRepo.Deploy.Yaml;

/// <summary>A piece of YAML: map, list or scalar. Equality is by content; the order of a map's keys does not count.</summary>
internal abstract class YamlNode
{
    /// <summary>Same content: same types and values, lists in the same order.</summary>
    public static bool DeepEquals(YamlNode? left, YamlNode? right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        return (left, right) switch
        {
            (YamlScalar a, YamlScalar b) => a.Kind == b.Kind && a.Text == b.Text,
            (YamlList a, YamlList b) => ListsEqual(a, b),
            (YamlMap a, YamlMap b) => MapsEqual(a, b),
            _ => false,
        };
    }

    /// <summary>A copy that shares nothing which can be changed.</summary>
    public abstract YamlNode Clone();

    /// <summary>Calls <paramref name="visit"/> with every field below this node, a field before what is in it.</summary>
    public void Visit(Action<string, YamlNode> visit)
    {
        foreach (var (key, value) in this as YamlMap ?? [])
        {
            visit(key, value);
            value.Visit(visit);
        }

        foreach (var item in this as YamlList ?? [])
        {
            item.Visit(visit);
        }
    }

    private static bool ListsEqual(YamlList left, YamlList right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (var i = 0; i < left.Count; i++)
        {
            if (!DeepEquals(left[i], right[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MapsEqual(YamlMap left, YamlMap right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        foreach (var (key, value) in left)
        {
            if (!right.TryGet(key, out var other) || !DeepEquals(value, other))
            {
                return false;
            }
        }

        return true;
    }
}
