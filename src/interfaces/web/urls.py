"""Where the pages are."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from interfaces.web import openid, sign_in

app_name = "web"
urlpatterns = [
    path("sign-in/", sign_in.told_to_wait(sign_in.SignInView.as_view()), name="sign_in"),
    path("sign-in/openid/", openid.go, name="openid"),
    path("sign-in/openid/callback/", openid.come_back, name="openid_callback"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("password/", sign_in.told_to_wait(sign_in.ChangePasswordView.as_view()), name="password"),
    path("account/", sign_in.AccountView.as_view(), name="account"),
]
