using MonoRepo.Hosting.Run.Dcp.Lowering;

namespace MonoRepo.Tests.Lowering;

public sealed class DcpTemplateTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a {{ b }} c", """a {{"{{"}} b }} c""")]
    [InlineData("""--port {{- portForServing "web" -}} --x""", """--port {{ portForServing "web" }} --x""")]
    [InlineData("""{{- index .Annotations "otel-service-name" -}}""", """{{ index .Annotations "otel-service-name" }}""")]
    [InlineData("""{{{- portForServing "web" -}}}""", """{{"{{"}}{- portForServing "web" -}}}""")]
    [InlineData("{{ .Name }}", """{{"{{"}} .Name }}""")]
    public void OnlyOurOwnTemplatesAreLeftToDcp(string value, string expected) => Assert.Equal(expected, DcpTemplate.Protect(value));
}
