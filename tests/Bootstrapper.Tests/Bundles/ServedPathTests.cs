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
        Assert.True(routes.Remove("CoreOS_Image_Signing_Key.asc")); // the vendor's, which has to be there
        Assert.Equal("signing-keys/CoreOS_Image_Signing_Key.asc", ServedPath.FileOf("CoreOS_Image_Signing_Key.asc"));
        Assert.All(routes, route => Assert.True(ServedPath.IsAnswered(route), route));
    }
}
