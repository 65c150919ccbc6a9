using System.Globalization;
using System.Text.RegularExpressions;

namespace MonoRepo.Deploy.Model;

/// <summary>Kubernetes quantities: <c>250m</c>, <c>0.5</c>, <c>512Mi</c>, <c>2G</c>.</summary>
internal static partial class Quantity
{
    /// <summary>The amount in units (cores, bytes).</summary>
    public static bool TryParse(string text, out decimal amount)
    {
        amount = 0;
        var match = Form().Match(text);
        if (!match.Success
            || !decimal.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        amount = number * match.Groups[2].Value switch
        {
            "m" => 0.001m,
            "k" => 1e3m,
            "M" => 1e6m,
            "G" => 1e9m,
            "T" => 1e12m,
            "P" => 1e15m,
            "Ki" => 1L << 10,
            "Mi" => 1L << 20,
            "Gi" => 1L << 30,
            "Ti" => 1L << 40,
            "Pi" => 1L << 50,
            _ => 1,
        };
        return true;
    }

    [GeneratedRegex("^([0-9]+(?:\\.[0-9]+)?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$")]
    private static partial Regex Form();
}
