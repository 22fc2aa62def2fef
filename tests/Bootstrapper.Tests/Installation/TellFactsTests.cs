using System.Globalization;

namespace Bootstrapper.Tests.Installation;

/// <summary>What is in a machine is told until it is heard, and no installation depends on that.</summary>
[Collection(InstallationTests.Name)]
[Trait("Category", "Slow")]
public sealed class TellFactsTests
{
    /// <summary>As install.sh has it.</summary>
    private const int Tries = 10;

    private const string NoDisk = "/dev/none";

    private static readonly Answer Silence = Answer.None with { Hangs = true };

    public static TheoryData<string> Shells => [.. Installation.Shells.All];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task They_are_told_again_until_they_are_heard_also_where_the_installation_fails(string shell)
    {
        await using var system = await LiveSystem.BootAsync(shell);
        system.AnswersFacts(Answer.Error(503), Answer.Error(429), Answer.None, Silence, Answer.Ok("ok"));
        Assert.Equal(1, await system.InstallAsync(LiveSystem.Raw, NoDisk, LiveSystem.Mac));
        Assert.True(system.ToldFacts.Count() == 5, system.Output);
        Assert.Equal(Environment.ProcessorCount, system.Facts!.Cpus);
        Assert.DoesNotContain("was not told", system.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task An_installation_neither_waits_for_them_nor_fails_by_them(string shell)
    {
        var image = DiskImage.Pack(await DiskImage.MakeAsync());
        foreach (var answer in new[] { Silence, Answer.Error(503), Answer.Error(403) })
        {
            await using var system = await LiveSystem.BootAsync(shell);
            system.AnswersFacts(answer);
            system.Server.Answers(LiveSystem.ImagePath, Answer.Ok(image));
            Assert.True(await system.InstallImageAsync(image) == 0, system.Output);
            Assert.True(system.HasRestarted);
            Assert.Equal("state=installed", system.Reports.Last());
            Assert.InRange(system.ToldFacts.Count(), 0, Tries - 1);
        }
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task What_is_refused_is_not_told_again(string shell)
    {
        await using var system = await LiveSystem.BootAsync(shell);
        system.AnswersFacts(Answer.Error(403));
        Assert.Equal(1, await system.InstallAsync(LiveSystem.Raw, NoDisk, LiveSystem.Mac));
        Assert.Single(system.ToldFacts);
        Assert.Contains("it was not told what is in this machine (403)", system.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task The_pauses_grow_are_each_machines_own_and_come_to_an_end(string shell)
    {
        var first = await PausesAsync(shell);
        var second = await PausesAsync(shell);

        Assert.All(first.Zip([4, 8, 16, 32, 32, 32, 32, 32, 32]), pause =>
            Assert.InRange(pause.First, pause.Second / 2, pause.Second));
        Assert.Equal(Tries - 1, first.Count);
        Assert.NotEqual(first, second);
    }

    private static async Task<IReadOnlyList<int>> PausesAsync(string shell)
    {
        const string Paused = "paused ";
        await using var system = await LiveSystem.BootAsync(shell);
        system.AnswersFacts(Answer.Error(503));
        await system.InstallAsync(LiveSystem.Raw, NoDisk, LiveSystem.Mac);
        Assert.Equal(Tries, system.ToldFacts.Count());
        Assert.Contains("it was not told what is in this machine (503)", system.Output, StringComparison.Ordinal);
        return
        [
            .. system.Output.Split('\n').Where(line => line.StartsWith(Paused, StringComparison.Ordinal))
                .Select(line => int.Parse(line[Paused.Length..], CultureInfo.InvariantCulture)),
        ];
    }
}
