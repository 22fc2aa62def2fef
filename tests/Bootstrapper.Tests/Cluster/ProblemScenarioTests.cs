using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cluster;

/// <summary>Descriptions as operators write them, and beside each exactly what they are told.</summary>
public sealed class ProblemScenarioTests
{
    public static TheoryData<string> Broken => [.. Scenario.BrokenNames()];

    public static TheoryData<string> Sound => [.. Scenario.Names()];

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_description_is_told_its_planted_problems_and_no_others(string name) => AssertProblems(name);

    [Theory]
    [MemberData(nameof(Sound))]
    public void A_sound_description_is_read_with_its_documented_warnings(string name) => Assert.NotNull(AssertProblems(name));

    [Fact]
    public void No_message_quotes_a_secret() => Assert.DoesNotContain(
        ClusterDescriptionReader.Read(new Scenario("broken/private-keys").ClusterDescription).Problems,
        problem => problem.Message.Contains("SECRET", StringComparison.Ordinal));

    [Fact]
    public void There_are_broken_descriptions_enough() => Assert.InRange(Scenario.BrokenNames().Count(), 20, 1000);

    private static ClusterDescription? AssertProblems(string name)
    {
        var scenario = new Scenario(name);
        var (cluster, problems) = ClusterDescriptionReader.Read(scenario.ClusterDescription);
        scenario.AssertExpected(
            "problems.txt", string.Concat(problems.Select(problem => problem.Format("cluster-desc.yml") + "\n")));
        return cluster;
    }
}
