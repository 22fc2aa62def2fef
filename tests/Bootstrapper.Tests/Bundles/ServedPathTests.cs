using Bootstrapper.Bundles;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Bundles;

public sealed class ServedPathTests
{
    [Fact]
    public async Task Every_path_that_the_program_answers_by_itself_is_known_not_to_need_a_file()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster());
        var routes = daemon.Routes.Select(route => route.Pattern.TrimStart('/')).Where(route => route.Length > 0).ToList();
        Assert.Contains("install.sh", routes);
        Assert.All(routes, route => Assert.True(ServedPath.IsAnswered(route), route));
    }
}
