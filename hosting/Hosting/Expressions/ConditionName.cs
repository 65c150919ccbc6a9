using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A stable name for a conditional expression, so that two outputs of one graph are the same.</summary>
internal static class ConditionName
{
    internal static string Of(IValueProvider condition, string match, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
    {
        var expression = (condition as IManifestExpressionProvider)?.ValueExpression ?? condition.GetType().Name;
        var words = string.Join('-', expression.ToLowerInvariant()
            .Split(expression.Where(c => !char.IsAsciiLetterOrDigit(c)).Append(' ').ToArray(), StringSplitOptions.RemoveEmptyEntries));
        var all = string.Join('\n', expression, match, whenTrue.ValueExpression, whenFalse.ValueExpression);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)).AsSpan(0, 4));
        return $"cond-{(words.Length > 0 ? words : "expr")}-{hash}";
    }
}
