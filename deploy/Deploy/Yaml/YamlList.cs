using System.Collections;

namespace MonoRepo.Deploy.Yaml;

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
