using System.Diagnostics;
using System.Globalization;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Installation;

/// <summary>A clock that is behind is put forward before the first certificate is looked at; no other is touched.</summary>
[Collection(InstallationTests.Name)]
[Trait("Category", "Slow")]
public sealed class ClockTests
{
    public static TheoryData<string> ShellsWithDate => [Shells.Dash, Shells.Bash];

    public static TheoryData<string> AllShells => [.. Shells.All];

    [Theory]
    [MemberData(nameof(AllShells))]
    public async Task Dates_of_HTTP_are_read_and_others_are_not(string shell)
    {
        DateTimeOffset[] dates =
        [
            DateTimeOffset.UnixEpoch, new(2000, 2, 29, 23, 59, 59, TimeSpan.Zero), new(2024, 2, 29, 0, 0, 0, TimeSpan.Zero),
            new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 3, 1, 12, 30, 1, TimeSpan.Zero),
            new(2027, 12, 31, 8, 9, 9, TimeSpan.Zero),
            new(2038, 1, 19, 3, 14, 8, TimeSpan.Zero), new(2100, 3, 1, 0, 0, 0, TimeSpan.Zero),
        ];
        string[] others =
            ["", "yesterday", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Thu, 26 Nov 2026 08:19 GMT"];
        using var directory = new TemporaryDirectory();
        var script = directory.Write("dates.sh", TemplateSet.Of([]).Render("clock.sh.template", new { })
            + string.Concat(dates.Select(date => $"seconds_of {date:R}; echo\n"))
            + string.Concat(others.Select(other => $"seconds_of {other}; echo\n")));
        var command = Shells.Of(shell).Command.Split(' ');
        var output = await Tool.OutputOfAsync(new ProcessStartInfo(command[0], [.. command[1..], script]));
        var expected = dates.Select(date => date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))
            .Concat(others.Select(_ => ""));
        Assert.Equal(expected, output.Split('\n')[..^1]);
    }

    [Theory]
    [MemberData(nameof(ShellsWithDate))]
    public async Task A_clock_that_is_behind_is_put_forward(string shell)
    {
        var theirs = TimeProvider.System.GetUtcNow().AddDays(400);
        await using var system = await BootAsync(shell, theirs);
        await system.InstallAsync(LiveSystem.Raw, system.Disk.Path, LiveSystem.Mac);
        Assert.Equal($"-u -s @{theirs.ToUnixTimeSeconds()}", Assert.Single(Set(system)));
        Assert.DoesNotContain(system.Reports, report => report.Contains("clock_ahead", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AllShells))]
    public async Task A_clock_that_is_ahead_is_left_and_reported(string shell)
    {
        await using var system = await BootAsync(shell, TimeProvider.System.GetUtcNow().AddHours(-1));
        await system.InstallAsync(LiveSystem.Raw, system.Disk.Path, LiveSystem.Mac);
        Assert.Empty(Set(system));
        Assert.Matches("&clock_ahead=36[0-9][0-9]$", system.Reports.First());
    }

    [Theory]
    [InlineData(30, false)]
    [InlineData(-30, false)]
    [InlineData(86400, true)]
    public async Task A_clock_that_is_right_or_that_a_time_server_set_is_left(int difference, bool isSynchronised)
    {
        await using var system = await BootAsync(Shells.Dash, TimeProvider.System.GetUtcNow().AddSeconds(difference));
        system.Install("timedatectl", $"echo {(isSynchronised ? "yes" : "no")}");
        await system.InstallAsync(LiveSystem.Raw, system.Disk.Path, LiveSystem.Mac);
        Assert.Empty(Set(system));
        Assert.EndsWith("&disk_holds_data=no", system.Reports.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_tells_no_time_changes_nothing()
    {
        await using var system = await BootAsync(Shells.Dash, null);
        await system.InstallAsync(LiveSystem.Raw, system.Disk.Path, LiveSystem.Mac);
        Assert.Empty(Set(system));
        Assert.EndsWith("&disk_holds_data=no", system.Reports.First(), StringComparison.Ordinal);
    }

    /// <summary>The stand-in notes what it is to set, and sets nothing.</summary>
    private static async Task<LiveSystem> BootAsync(string shell, DateTimeOffset? theirs)
    {
        var system = await LiveSystem.BootAsync(shell);
        system.AnswersReports(Answer.Error(409));
        system.Server.Answers("/healthz", Answer.Ok("ok") with { Date = theirs });
        system.Install("timedatectl", "echo no");
        system.Install("date", $"case \"$*\" in *-s*) echo \"$@\" >>{system.At("set")} ;; *) exec /bin/date \"$@\" ;; esac");
        return system;
    }

    private static string[] Set(LiveSystem system) => File.Exists(system.At("set")) ? File.ReadAllLines(system.At("set")) : [];
}
