using System.Collections;

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
        if (this is YamlMap map)
        {
            foreach (var (key, value) in map)
            {
                visit(key, value);
                value.Visit(visit);
            }
        }
        else if (this is YamlList list)
        {
            foreach (var item in list)
            {
                item.Visit(visit);
            }
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

/// <summary>A sequence.</summary>
internal sealed class YamlList : YamlNode, IReadOnlyList<YamlNode>
{
    private readonly List<YamlNode> _items;

    /// <summary>An empty list.</summary>
    public YamlList() => _items = [];

    /// <summary>A list of <paramref name="items"/>.</summary>
    public YamlList(IEnumerable<YamlNode> items) => _items = [.. items];

    public int Count => _items.Count;

    public YamlNode this[int index]
    {
        get => _items[index];
        set => _items[index] = value;
    }

    /// <summary>Appends.</summary>
    public void Add(YamlNode item) => _items.Add(item);

    /// <summary>Puts an item before the one at <paramref name="index"/>.</summary>
    public void Insert(int index, YamlNode item) => _items.Insert(index, item);

    /// <summary>Takes the item at <paramref name="index"/> out.</summary>
    public void RemoveAt(int index) => _items.RemoveAt(index);

    public override YamlNode Clone() => new YamlList(_items.Select(i => i.Clone()));

    public IEnumerator<YamlNode> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What a scalar is to a reader of YAML; a string that looks like a number stays a string.</summary>
internal enum YamlScalarKind
{
    /// <summary>Text, quoted where it would read as something else.</summary>
    String,

    /// <summary>An integer or a decimal number.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary><c>null</c>; in a patch: remove the field.</summary>
    Null,
}

/// <summary>A single value.</summary>
internal sealed class YamlScalar(string text, YamlScalarKind kind = YamlScalarKind.String) : YamlNode
{
    /// <summary><c>null</c>.</summary>
    public static readonly YamlScalar Null = new("null", YamlScalarKind.Null);

    /// <summary><c>true</c>.</summary>
    public static readonly YamlScalar True = new("true", YamlScalarKind.Boolean);

    /// <summary><c>false</c>.</summary>
    public static readonly YamlScalar False = new("false", YamlScalarKind.Boolean);

    /// <summary>The value, without quotes.</summary>
    public string Text { get; } = text;

    /// <summary>Its type.</summary>
    public YamlScalarKind Kind { get; } = kind;

    /// <summary>A whole number.</summary>
    public static YamlScalar Of(long value) =>
        new(value.ToString(System.Globalization.CultureInfo.InvariantCulture), YamlScalarKind.Number);

    public override YamlNode Clone() => this;

    public override string ToString() => Text;
}
