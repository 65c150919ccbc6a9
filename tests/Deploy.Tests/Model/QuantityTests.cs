using System.Globalization;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Tests.Deploy;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("2", "2")]
    [InlineData("0.5", "0.5")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("250m", "0.25")]
    [InlineData("100n", "0.0000001")]
    [InlineData("5u", "0.000005")]
    [InlineData("3k", "3000")]
    [InlineData("2M", "2000000")]
    [InlineData("2G", "2000000000")]
    [InlineData("2T", "2000000000000")]
    [InlineData("2P", "2000000000000000")]
    [InlineData("1E", "1000000000000000000")]
    [InlineData("1Ki", "1024")]
    [InlineData("512Mi", "536870912")]
    [InlineData("1.5Gi", "1610612736")]
    [InlineData("1Ti", "1099511627776")]
    [InlineData("1Pi", "1125899906842624")]
    [InlineData("1Ei", "1152921504606846976")]
    [InlineData("1e3", "1000")]
    [InlineData("1E3", "1000")]
    [InlineData("12e-1", "1.2")]
    public void TryParse_Quantity_IsTheAmount(string text, string amount)
    {
        Assert.True(Quantity.TryParse(text, out var parsed));
        Assert.Equal(decimal.Parse(amount, CultureInfo.InvariantCulture), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("lots")]
    [InlineData("Gi")]
    [InlineData(" 1")]
    [InlineData("1 Gi")]
    [InlineData("1Gi\n")]
    [InlineData("1/2")]
    [InlineData("1,000")]
    [InlineData("+2")]
    [InlineData("-1")]
    [InlineData("5-")]
    [InlineData("1.2.3")]
    [InlineData("0x10")]
    [InlineData("1gi")]
    [InlineData("1Zi")]
    [InlineData("1GiB")]
    [InlineData("1e")]
    [InlineData("1e3Mi")]
    [InlineData("1e99")]
    [InlineData("1e1000000000")]
    [InlineData("\u0661")]
    public void TryParse_AnythingElse_IsNone(string text) => Assert.False(Quantity.TryParse(text, out _));
}
