namespace Aspire.Hosting.ApplicationModel;

/// <summary>Which naming rules hold for a resource. Without it all of them do.</summary>
public sealed class NameValidationPolicyAnnotation : IResourceAnnotation
{
    /// <summary>1 to 64 ASCII letters, digits and single hyphens, a letter first, no hyphen last.</summary>
    public static readonly NameValidationPolicyAnnotation Default = new();

    /// <summary>No rule: for resources whose names come from outside.</summary>
    public static readonly NameValidationPolicyAnnotation None = new()
    {
        MaxLength = null,
        ValidateStartsWithLetter = false,
        ValidateAllowedCharacters = false,
        ValidateNoConsecutiveHyphens = false,
        ValidateNoTrailingHyphen = false,
    };

    /// <summary>Greatest length in characters; null means unlimited.</summary>
    public int? MaxLength { get; init; } = 64;

    /// <summary>Whether the first character has to be a letter.</summary>
    public bool ValidateStartsWithLetter { get; init; } = true;

    /// <summary>Whether only ASCII letters, digits and hyphens are allowed.</summary>
    public bool ValidateAllowedCharacters { get; init; } = true;

    /// <summary>Whether "--" is refused.</summary>
    public bool ValidateNoConsecutiveHyphens { get; init; } = true;

    /// <summary>Whether a hyphen at the end is refused.</summary>
    public bool ValidateNoTrailingHyphen { get; init; } = true;
}
