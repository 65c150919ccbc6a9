using System.Text.RegularExpressions;
using k8s.Models;

namespace MonoRepo.Deploy.Model;

/// <summary>Kubernetes quantities: <c>250m</c>, <c>0.5</c>, <c>512Mi</c>, <c>1e3</c>.</summary>
internal static partial class Quantity
{
    /// <summary>The amount in units (cores, bytes).</summary>
    public static bool TryParse(string text, out decimal amount)
    {
        amount = 0;
        if (!Form().IsMatch(text))
        {
            return false;
        }

        try
        {
            amount = new ResourceQuantity(text).ToDecimal();
            return true;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    // ResourceQuantity also reads signs, blanks, fractions and thousands separators, and works long on powers of many digits.
    [GeneratedRegex(@"^[0-9.]+([a-zA-Z]*|[eE][+-]?[0-9]{1,2})\z")]
    private static partial Regex Form();
}
