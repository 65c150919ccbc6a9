namespace MonoRepo.LoadTesting;

/// <summary>Methods by weight, picked at random.</summary>
/// <typeparam name="TMethod">The methods that load is put on.</typeparam>
public sealed class LoadMix<TMethod>
    where TMethod : struct, Enum
{
    private readonly (TMethod Method, int Weight)[] _parts;
    private readonly int _sum;

    private LoadMix((TMethod, int)[] parts)
    {
        _parts = parts;
        _sum = _parts.Sum(part => part.Weight);
    }

    public IEnumerable<TMethod> Methods => _parts.Select(part => part.Method);

    /// <summary>Reads <c>get=80,list=20</c>; returns what is wrong, or null.</summary>
    public static string? Parse(string text, out LoadMix<TMethod>? mix)
    {
        mix = null;
        var parts = new List<(TMethod, int)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=') is not [var name, var number] || !int.TryParse(number, out var weight) || weight <= 0 ||
                !Enum.TryParse<TMethod>(name, ignoreCase: true, out var method) || int.TryParse(name, out _))
            {
                return $"'{part}' in --mix is not METHOD=WEIGHT, with a method of " +
                    $"{string.Join(", ", Enum.GetNames<TMethod>()).ToLowerInvariant()} and a weight of at least 1.";
            }

            parts.Add((method, weight));
        }

        if (parts.Count == 0)
        {
            return "--mix names no method.";
        }

        mix = new LoadMix<TMethod>([.. parts]);
        return null;
    }

    public TMethod Next(Random random)
    {
        if (_parts.Length == 1)
        {
            return _parts[0].Method;
        }

        var at = random.Next(_sum);
        foreach (var (method, weight) in _parts)
        {
            if ((at -= weight) < 0)
            {
                return method;
            }
        }

        throw new InvalidOperationException("The weights do not add up.");
    }
}
