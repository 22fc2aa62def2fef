using System.Globalization;
using Bootstrapper.Host;

namespace Bootstrapper.Tests.Host;

public sealed class WatchdogTests
{
    [Theory]
    [InlineData("30000000", null, 30)]
    [InlineData("30000000", "", 30)]
    [InlineData("30000000", "1", null)]
    [InlineData(null, null, null)]
    [InlineData("", null, null)]
    [InlineData("0", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("18446744073709551615", null, null)] // systemd's for ever
    public void It_is_waited_for_as_the_service_manager_says(string? microseconds, string? pid, int? seconds) =>
        Assert.Equal(seconds, (int?)Watchdog.PatienceOf(microseconds, pid)?.TotalSeconds);

    [Fact]
    public void And_where_it_names_this_process() =>
        Assert.NotNull(Watchdog.PatienceOf("1000000", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
}
