using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Tests;

public sealed class ReferenceExpressionTests
{
    [Fact]
    public async Task TextAndReferencesAreResolvedTogether()
    {
        var builder = Graph.Create("--Parameters:user=me&you");
        var user = builder.AddParameter("user");
        var expression = ReferenceExpression.Create($"{{x}} u={user} e={user:uri} {"{literal}"} {(string?)null}.");
        Assert.Equal("{x} u=me&you e=me%26you {literal} .", await Value(expression));
        Assert.Equal("{x} u={user.value} e={user.value} {literal} .", expression.ValueExpression);
        Assert.Equal(["{user.value}", "{user.value}"], expression.ManifestExpressions);
        Assert.Equal([null, "uri"], expression.StringFormats);
        Assert.Equal([user.Resource, user.Resource], expression.ValueProviders);
    }

    [Fact]
    public async Task AnEmptyExpressionHasNoValue()
    {
        Assert.Null(await Value(ReferenceExpression.Empty));
        Assert.Null(await Value(new ReferenceExpressionBuilder().Build()));
    }

    [Fact]
    public void OnlyUriIsAFormat() => Assert.Throws<NotSupportedException>(() => ReferenceExpression.Create($"{"a":json}"));

    [Fact]
    public async Task ABuilderAppendsPieceByPiece()
    {
        var builder = Graph.Create("--Parameters:host=h", "--Parameters:password=p/w");
        var host = builder.AddParameter("host");
        var password = builder.AddParameter("password", secret: true);
        var expression = new ReferenceExpressionBuilder();
        Assert.True(expression.IsEmpty);
        expression.Append($"{host}:{6379.ToString()}");
        expression.AppendLiteral(",password=");
        expression.AppendFormatted(password.Resource, "uri");
        expression.AppendValueProvider(host);
        Assert.Equal("h:6379,password=p%2Fwh", await Value(expression.Build()));
        Assert.Throws<ArgumentException>(() => expression.AppendValueProvider(new object()));
    }

    [Theory]
    [InlineData("TRUE", "yes")]
    [InlineData("no", "otherwise")]
    public async Task AConditionIsReadWhenTheValueIsAskedFor(string value, string expected)
    {
        var flag = Graph.Create($"--Parameters:flag={value}").AddParameter("flag");
        var expression = Conditional(flag);
        Assert.Equal(expected, await Value(expression));
        Assert.Equal(expression.ValueExpression, Conditional(flag).ValueExpression);
        Assert.StartsWith("{cond-flag-value-", expression.ValueExpression);
        Assert.Contains(flag.Resource, ((IValueWithReferences)expression).References);

        static ReferenceExpression Conditional(IResourceBuilder<ParameterResource> flag) => ReferenceExpression.CreateConditional(
            flag.Resource, "true", ReferenceExpression.Create($"yes"), ReferenceExpression.Create($"otherwise"));
    }

    private static async Task<string?> Value(ReferenceExpression expression) => await expression.GetValueAsync(TestContext.Current.CancellationToken);
}
