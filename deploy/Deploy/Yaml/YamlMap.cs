using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MonoRepo.Deploy.Yaml;

/// <summary>
/// A mapping that keeps its order. Kubernetes' maps have a dozen keys at most: looking through them beats hashing.
/// </summary>
internal sealed class YamlMap : YamlNode, IEnumerable<KeyValuePair<string, YamlNode>>
{
    private readonly List<KeyValuePair<string, YamlNode>> _entries = [];

    /// <summary>Number of keys.</summary>
    public int Count => _entries.Count;

    /// <summary>The value of a key, or null. Setting replaces in place or appends; setting null removes.</summary>
    public YamlNode? this[string key]
    {
        get => TryGet(key, out var value) ? value : null;
        set
        {
            var at = IndexOf(key);
            if (value is null)
            {
                if (at >= 0)
                {
                    _entries.RemoveAt(at);
                }
            }
            else if (at >= 0)
            {
                _entries[at] = new(key, value);
            }
            else
            {
                _entries.Add(new(key, value));
            }
        }
    }

    /// <summary>Appends a key that is not there yet.</summary>
    public YamlMap Add(string key, YamlNode value)
    {
        _entries.Add(new(key, value));
        return this;
    }

    /// <summary>Appends a text value.</summary>
    public YamlMap Add(string key, string value) => Add(key, new YamlScalar(value));

    /// <summary>Looks a key up.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out YamlNode? value)
    {
        var at = IndexOf(key);
        value = at < 0 ? null : _entries[at].Value;
        return at >= 0;
    }

    /// <summary>The map under a key, or null.</summary>
    public YamlMap? Map(string key) => this[key] as YamlMap;

    /// <summary>The list under a key, or null.</summary>
    public YamlList? List(string key) => this[key] as YamlList;

    /// <summary>The text under a key, or null.</summary>
    public string? Text(string key) => (this[key] as YamlScalar)?.Text;

    /// <summary>Text values, such as labels.</summary>
    public static YamlMap Of(IEnumerable<KeyValuePair<string, string>> values)
    {
        var map = new YamlMap();
        foreach (var (key, value) in values)
        {
            map.Add(key, value);
        }

        return map;
    }

    public override YamlNode Clone()
    {
        var copy = new YamlMap();
        foreach (var (key, value) in _entries)
        {
            copy.Add(key, value.Clone());
        }

        return copy;
    }

    public IEnumerator<KeyValuePair<string, YamlNode>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string key)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }
}
