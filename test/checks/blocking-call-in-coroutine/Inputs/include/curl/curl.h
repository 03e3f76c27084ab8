// The few declarations of curl that a test needs.
#pragma once
typedef void CURL;
typedef void CURLM;
extern "C" {
int curl_easy_setopt(CURL *, int option, ...);
int curl_easy_perform(CURL *);
int curl_multi_perform(CURLM *, int *running);
int curl_multi_wait(CURLM *, void *extra, unsigned count, int timeout, int *changed);
}
