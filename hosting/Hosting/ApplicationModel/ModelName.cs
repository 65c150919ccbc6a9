namespace Aspire.Hosting.ApplicationModel;

/// <summary>The naming rule that resources and endpoints share.</summary>
internal static class ModelName
{
    internal static string Required(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name;
    }

    internal static void Validate(string target, string name, NameValidationPolicyAnnotation? policy = null)
    {
        if (FindFault(target, name, policy ?? NameValidationPolicyAnnotation.Default) is { } fault)
        {
            throw new ArgumentException(fault, nameof(name));
        }
    }

    /// <summary>The first rule that the name breaks, or null.</summary>
    internal static string? FindFault(string target, string name, NameValidationPolicyAnnotation policy)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string Fault(string rule) => $"{target} name '{name}' is invalid. Name must {rule}";

        if (policy.MaxLength is { } max && name.Length > max)
        {
            return Fault($"be between 1 and {max} characters long.");
        }

        if (policy.ValidateNoConsecutiveHyphens && name.Contains("--", StringComparison.Ordinal))
        {
            return $"{target} name '{name}' is invalid. Name cannot contain consecutive hyphens.";
        }

        if (policy.ValidateAllowedCharacters && name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            return Fault("contain only ASCII letters, digits, and hyphens.");
        }

        if (policy.ValidateStartsWithLetter && !char.IsAsciiLetter(name[0]))
        {
            return Fault("start with an ASCII letter.");
        }

        return policy.ValidateNoTrailingHyphen && name[^1] == '-'
            ? $"{target} name '{name}' is invalid. Name cannot end with a hyphen."
            : null;
    }
}
