namespace MonoRepo.Hosting;

/// <summary>What somebody may have meant who typed a word that isn't known.</summary>
internal static class Suggestion
{
    /// <summary>The one that is most like it; null: none is.</summary>
    public static string? Closest(string word, IEnumerable<string> known) => known
        .Select(k => (Name: k, Distance: Distance(word, k)))
        .Where(k => k.Distance <= Math.Max(1, k.Name.Length / 3))
        .OrderBy(k => k.Distance)
        .FirstOrDefault().Name;

    // Levenshtein: how many letters have to be added, removed or replaced.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < to.Length; j++)
            {
                var replaced = diagonal + (from[i] == to[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(diagonal, row[j]) + 1);
            }
        }

        return row[^1];
    }
}
