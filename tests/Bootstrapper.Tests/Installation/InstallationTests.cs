using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Installation;

/// <summary>install.sh, run for real: on loop disks, against a server that may lie, in the shells of live systems.</summary>
[Collection(Name)]
[Trait("Category", "Slow")]
public sealed class InstallationTests : IAsyncLifetime
{
    /// <summary>There are few loop devices.</summary>
    public const string Name = "loop disks";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private byte[] _image = [];
    private byte[] _packed = [];

    public static TheoryData<string> Shells => [.. Installation.Shells.All];

    /// <summary>
    /// In each shell, or one of them as a sample. A download that hangs is ended by curl, in whatever shell, which takes it half
    /// a minute; this wget has no limit.
    /// </summary>
    public static TheoryData<string, string, string> Lies =>
    [
        .. from lie in new[]
        {
            ("cut", "was cut short"), ("nothing", "was cut short"), ("short", "SHA-256 is"), ("other", "SHA-256 is"),
            ("page", "SHA-256 is"), ("404", "was cut short"), ("403", "was cut short"), ("500", "was cut short"),
            ("503", "was cut short"), ("hangs", "was cut short"),
        }
        from shell in lie.Item1 is "hangs" ? [Installation.Shells.Dash] : Sampling.Of(Installation.Shells.All, sample: 1)
        select new TheoryDataRow<string, string, string>(shell, lie.Item1, lie.Item2),
    ];

    public async ValueTask InitializeAsync()
    {
        _image = await DiskImage.MakeAsync();
        _packed = DiskImage.Pack(_image);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task What_was_published_is_on_the_disk_with_the_nodes_config_before_that_is_reported(string shell)
    {
        await using var system = await LiveSystem.BootAsync(shell);
        system.Server.Answers(LiveSystem.ImagePath, Answer.Ok(_packed));
        Assert.True(await system.InstallImageAsync(_packed) == 0, system.Output);

        Assert.Equal(["installing", "installed"], system.Reports.Select(State));
        Assert.EndsWith("&disk_holds_data=no", system.Reports.First(), StringComparison.Ordinal);
        Assert.StartsWith(DiskImage.System, await system.Disk.DebugAsync("cat /system"), StringComparison.Ordinal);
        Assert.StartsWith("{\"the\": \"config\"}", await system.Disk.DebugAsync("cat /config.ign"), StringComparison.Ordinal);
        Assert.Contains("Mode:  0600", await system.Disk.DebugAsync("stat /config.ign"), StringComparison.Ordinal);
        Assert.True(system.HasRestarted);
        Assert.DoesNotContain(system.Leftovers, file => Path.GetFileName(file) == "config");
        Assert.DoesNotContain(
            system.Server.Requests.SkipWhile(request => !request.EndsWith("state=installed", StringComparison.Ordinal)),
            request => request.Contains("progress=", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task What_was_not_published_is_tried_thrice_and_never_started(string shell, string lie, string reason)
    {
        await using var system = await LiveSystem.BootAsync(shell, DataAt(LoopDisk.Size / 2), patience: lie == "hangs" ? 1 : 60);
        system.Server.Answers(LiveSystem.ImagePath, Lie(lie));

        await AssertFailedAsync(system, await system.InstallImageAsync(_packed), reason);
        Assert.Equal(lie is "500" or "503" or "hangs" && system.HasCurl ? 6 : 3, system.Downloads); // curl asks twice
    }

    /// <summary>In the one shell that takes a sha256sum of ours.</summary>
    [Fact]
    public async Task A_power_cut_before_the_image_is_checked_leaves_nothing_that_starts()
    {
        const int End = 1 << 20;
        var old = Enumerable.Repeat((byte)1, LoopDisk.Size).ToArray();
        await using var system = await LiveSystem.BootAsync(Installation.Shells.Dash, old);
        var cut = system.At("cut");
        system.Install("sha256sum", $"/usr/bin/sha256sum; sleep 0.5; cat {system.Disk.Path} >{cut}");
        system.Server.Answers(LiveSystem.ImagePath, Answer.Ok(_packed));
        Assert.True(await system.InstallImageAsync(_packed) == 0, system.Output);

        var disk = await File.ReadAllBytesAsync(cut, Cancellation);
        Assert.Equal(new byte[End], disk[..End]);
        Assert.Equal(_image[End..], disk[End.._image.Length]);
        Assert.Equal(new byte[End], disk[^End..]);
        Assert.Equal(_image[..1024], (await system.Disk.ReadAsync())[..1024]); // where a partition table would be
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task What_was_published_broken_is_never_started_either(string shell)
    {
        var broken = _packed[..^20];
        await using var system = await LiveSystem.BootAsync(shell);
        system.Server.Answers(LiveSystem.ImagePath, Answer.Ok(broken));
        await AssertFailedAsync(system, await system.InstallImageAsync(broken), "cannot be unpacked");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_server_that_comes_to_its_senses_is_believed(string shell)
    {
        await using var system = await LiveSystem.BootAsync(shell);
        Answer[] asksForItsSize = system.HasCurl ? [] : [Lie("other")];
        system.Server.Answers(LiveSystem.ImagePath, [.. asksForItsSize, Lie("other"), Lie("cut"), Answer.Ok(_packed)]);
        system.Server.Answers("/healthz", Answer.Error(503), Answer.Error(503), Answer.Error(503), Answer.Ok("ok"));
        Assert.True(await system.InstallImageAsync(_packed) == 0, system.Output);
        Assert.Equal(["installing", "installed"], system.Reports.Select(State));
        Assert.Equal(3, system.Downloads);
        Assert.StartsWith(DiskImage.System, await system.Disk.DebugAsync("cat /system"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_refusal_leaves_the_disk_as_it_is(string shell)
    {
        var data = DataAt(100);
        await using var system = await LiveSystem.BootAsync(shell, data);
        system.AnswersReports(Answer.Ok("there is something on it") with { Status = 409 });
        Assert.Equal(1, await system.InstallImageAsync(_packed));
        Assert.Equal((0, false), (system.Downloads, system.HasRestarted));
        Assert.Equal("installing", State(Assert.Single(system.Reports)));
        Assert.Equal(data, await system.Disk.ReadAsync());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_report_is_made_until_it_is_heard(string shell)
    {
        await using var system = await LiveSystem.BootAsync(shell);
        system.Server.Answers(LiveSystem.ImagePath, Answer.Ok(_packed));
        system.AnswersReports(
            Answer.Error(500), Answer.Error(429), new Answer(200, 2, []) { Hangs = true }, Answer.Ok("ok"));
        system.Server.Answers("/healthz", Answer.Ok("ok"));
        Assert.True(await system.InstallImageAsync(_packed) == 0, system.Output);
        Assert.True(system.Reports.Count(report => State(report) == "installing") >= 3, system.Output);
        Assert.True(system.HasRestarted);
    }

    [Theory]
    [InlineData(0, "yes")]
    [InlineData((1 << 20) - 1, "yes")]
    [InlineData(LoopDisk.Size - (1 << 20), "yes")]
    [InlineData(LoopDisk.Size - 1, "yes")]
    [InlineData(LoopDisk.Size / 2, "no")]
    public async Task Data_at_either_end_of_the_disk_is_reported(int at, string expected)
    {
        await using var system = await LiveSystem.BootAsync(Installation.Shells.Dash, DataAt(at));
        system.AnswersReports(Answer.Error(409));
        await system.InstallImageAsync(_packed);
        Assert.EndsWith($"&disk_holds_data={expected}", Assert.Single(system.Reports), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("404")]
    [InlineData("cut")]
    [InlineData("nothing")]
    public async Task Without_its_config_nothing_is_written(string lie)
    {
        var data = DataAt(100);
        foreach (var shell in new[] { Installation.Shells.Dash, Installation.Shells.WithoutCurl })
        {
            await using var system = await LiveSystem.BootAsync(shell, data);
            system.Server.Answers($"/ignition/{LiveSystem.Mac}", Lie(lie));
            Assert.Equal(1, await system.InstallImageAsync(_packed));
            Assert.Contains("cannot fetch the configuration", Message(system.Reports.Last()), StringComparison.Ordinal);
            Assert.Equal(data, await system.Disk.ReadAsync());
        }
    }

    [Fact]
    public async Task The_config_goes_to_the_disk_that_was_written_and_to_no_other_of_that_label()
    {
        foreach (var shell in new[] { Installation.Shells.Dash, Installation.Shells.WithoutCurl })
        {
            await using var system = await LiveSystem.BootAsync(shell, _image);
            var other = system.Disk;
            await system.AttachAsync(new byte[LoopDisk.Size]);
            system.Server.Answers(LiveSystem.ImagePath, Answer.Ok(_packed));
            var exitCode = await system.InstallImageAsync(_packed);
            Assert.Equal(_image, await other.ReadAsync());
            Assert.True(exitCode == 0 || !system.HasCurl, system.Output); // busybox' findfs may name the other, which is refused
            if (exitCode == 0)
            {
                Assert.Contains("config", await system.Disk.DebugAsync("cat /config.ign"), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task An_image_without_a_place_for_the_config_is_not_started()
    {
        var image = DiskImage.Pack(await DiskImage.MakeAsync("OTHER"));
        await using var system = await LiveSystem.BootAsync(Installation.Shells.Dash);
        system.Server.Answers(LiveSystem.ImagePath, Answer.Ok(image));
        await AssertFailedAsync(system, await system.InstallImageAsync(image), "no partition labelled OEM");
    }

    [Fact]
    public async Task A_disk_is_known_by_any_of_its_names()
    {
        await using var system = await LiveSystem.BootAsync(Installation.Shells.Dash);
        File.CreateSymbolicLink(system.At("by-id"), system.Disk.Path);
        system.Server.Answers(LiveSystem.ImagePath, Answer.Ok(_packed));
        Assert.True(await system.InstallImageAsync(_packed, system.At("by-id")) == 0, system.Output);
        Assert.StartsWith(
            $"state=installing&disk={Path.GetFileName(system.Disk.Path)}:", system.Reports.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_or_a_network_card_that_is_not_there_is_a_failure()
    {
        await using var system = await LiveSystem.BootAsync(Installation.Shells.Dash, DataAt(100));
        Assert.Equal(1, await system.InstallImageAsync(_packed, "/dev/none"));
        Assert.Contains("/dev/none is not a disk of this machine", Message(system.Reports.Last()), StringComparison.Ordinal);
        var stranger = new MacAddress(0x5254000000aa);
        Assert.Equal(1, await Task.Run(async () =>
        {
            system.Server.Answers($"/api/v1/report/{stranger}", Answer.Ok("ok"));
            return await system.InstallImageAsync(_packed, mac: stranger);
        }));
        Assert.Contains("not an address of this machine", system.Output, StringComparison.Ordinal);
        Assert.Equal(DataAt(100), await system.Disk.ReadAsync());
    }

    [Fact]
    public async Task The_vendors_installer_is_told_what_to_install_and_where_and_tried_thrice()
    {
        await using var system = await LiveSystem.BootAsync(Installation.Shells.Dash);
        var called = system.At("called");
        system.Server.Answers("/signing-keys/ours.asc", Answer.Ok("the key"));
        var os = new OperatingSystemSettings { Version = "1.0.0", SigningKey = "ours.asc" };
        system.Install(
            "flatcar-install", $"echo \"$@\" >>{called}; cat \"$8\" >{called}.config; test \"$(wc -l <{called})\" -ge 3");
        Assert.True(await system.InstallAsync(os, system.Disk.Path, LiveSystem.Mac) == 0, system.Output);
        var calls = await File.ReadAllLinesAsync(called, Cancellation);
        Assert.Equal(3, calls.Length);
        Assert.All(calls, call => Assert.Matches(
            $"^-d {system.Disk.Path} -b http://127.0.0.1:{system.Server.Port}/stable -V 1.0.0 -i .*/config -k .*/signing-key$",
            call));
        Assert.Equal("{\"the\": \"config\"}", await File.ReadAllTextAsync($"{called}.config", Cancellation));
        Assert.Equal("installed", State(system.Reports.Last()));

        system.Install("flatcar-install", $"echo again >>{called}; false");
        Assert.Equal(1, await system.InstallAsync(os, system.Disk.Path, LiveSystem.Mac));
        Assert.Equal(6, (await File.ReadAllLinesAsync(called, Cancellation)).Length);
        Assert.Contains("flatcar-install failed", Message(system.Reports.Last()), StringComparison.Ordinal);

        system.Server.Answers("/signing-keys/ours.asc", Answer.Error(404));
        Assert.Equal(1, await system.InstallAsync(os, system.Disk.Path, LiveSystem.Mac));
        Assert.Contains("cannot fetch the signing key", Message(system.Reports.Last()), StringComparison.Ordinal);
        Assert.Equal(6, (await File.ReadAllLinesAsync(called, Cancellation)).Length);
    }

    private static byte[] DataAt(int position)
    {
        var disk = new byte[LoopDisk.Size];
        disk[position] = 1;
        return disk;
    }

    private static string State(string report) => report.Split('&')[0]["state=".Length..];

    private static string Message(string report) => report.Replace('+', ' ');

    private static async Task AssertFailedAsync(LiveSystem system, int exitCode, string reason)
    {
        Assert.Equal((1, false), (exitCode, system.HasRestarted));
        Assert.True(system.Reports.Select(State).SequenceEqual(["installing", "failed"]), system.Output);
        Assert.Contains(reason, Message(system.Reports.Last()), StringComparison.Ordinal);
        Assert.Equal(new byte[1 << 20], (await system.Disk.ReadAsync())[..(1 << 20)]);
        Assert.Empty(system.Leftovers);
    }

    private Answer Lie(string lie) => lie switch
    {
        "cut" => new Answer(200, _packed.Length, _packed[..(_packed.Length / 2)]),
        "nothing" => new Answer(200, _packed.Length, []),
        "short" => Answer.Ok(_packed[..^100]),
        "other" => Answer.Ok(DiskImage.Pack([.. _image[..^1], 1])),
        "page" => Answer.Ok("<html>log in</html>") with { Type = "text/html" },
        "hangs" => new Answer(200, _packed.Length, _packed[..1000]) { Hangs = true },
        _ => Answer.Error(int.Parse(lie, null)),
    };
}
